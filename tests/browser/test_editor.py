"""The editors' room in a real browser: nothing written is ever lost, and what is published is found."""

from __future__ import annotations

import re
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

EMMA, ADA = "emma.jones@partner.example", "ada.root@partner.example"
Visit = Callable[..., Visitor]


def png() -> bytes:
    """A picture of two by two pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * 2 for _ in range(2))
    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def open_editor(visitor: Visitor, slug: str, tongue: str = "en") -> Page:
    """The desk of an article, its scripts ready."""
    page = visitor.goto(f"/work/articles/{slug}/{tongue}/edit")
    expect(page.locator("[data-count]")).not_to_be_empty()
    return page


def act(page: Page, action: str) -> None:
    """Press a button of the bar and wait for the next page."""
    with page.expect_navigation():
        page.click(f"#editor button[value={action}]")


@pytest.fixture
def emma(visit: Visit) -> Visitor:
    """The editor, signed in."""
    visitor = visit()
    visitor.sign_in(EMMA)
    return visitor


def test_writing_shows_the_page_inserts_and_checks(emma: Visitor) -> None:
    page = open_editor(emma, "request-a-fapiao")
    text = page.locator("#editor textarea[name=body]")
    text.fill("A first line.\n\n## Section\n\n")
    text.press("Control+End")

    text.press("Control+b")
    page.keyboard.type("loud")
    expect(page.locator("[data-preview] strong", has_text="loud")).to_be_visible()
    expect(page.locator("[data-outline]")).to_contain_text("Section")

    text.press("Control+End")
    text.press("Control+k")
    page.fill("#dialog-link-q", "refunds")
    page.locator("#dialog-link-list button").first.click()
    expect(text).to_have_value(re.compile(r"\]\(\.\./refunds-and-credits/\)"))

    page.focus("[data-tool=bold]")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.fill("#dialog-value-q", "payment_terms")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"\{\{ limits\.payment_terms_days \}\}"))

    page.click("[data-tool=table]")
    page.click("#dialog-table button[value=insert]")
    expect(text).to_have_value(re.compile(r"\| --- \| --- \| --- \|"))

    text.press("Control+End")
    page.keyboard.type("\n\n[gone](../no-such-article/)\n")
    jump = page.locator("[data-findings] li", has_text="no-such-article").locator("button")
    jump.click()
    chosen = text.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen == "[gone](../no-such-article/)"


def test_a_picture_needs_words_and_is_shown(emma: Visitor) -> None:
    page = open_editor(emma, "correct-a-fapiao")
    page.click("[data-tool=picture]")
    page.set_input_files("#dialog-file", {"name": "Red Letter.png", "mimeType": "image/png", "buffer": png()})
    page.click("#dialog-picture [data-send]")
    expect(page.locator("#dialog-picture [data-error]")).to_contain_text("cannot see it")

    page.fill("#dialog-alt", "The field for the number of the red letter")
    page.press("#dialog-alt", "Enter")

    shown = page.locator("[data-preview] img[alt='The field for the number of the red letter']")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 2)


def test_a_killed_tab_loses_nothing(emma: Visitor) -> None:
    page = open_editor(emma, "tax-on-your-invoice")
    page.locator("#editor textarea[name=body]").fill("An unsaved quokka.\n")
    expect(page.locator("[data-unsaved-state]")).to_contain_text("Kept on the server")
    page.close()

    emma.page = emma.context.new_page()
    page = open_editor(emma, "tax-on-your-invoice")

    expect(page.locator("main")).to_contain_text("Your unsaved text is back")
    expect(page.locator("#editor textarea[name=body]")).to_have_value(re.compile("An unsaved quokka"))
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("form[action$='/desk/drop'] button")
    expect(page.locator("#editor textarea[name=body]")).not_to_have_value(re.compile("quokka"))


def test_two_editors_see_each_other_and_both_texts_survive(emma: Visitor, visit: Visit) -> None:
    ada = visit()
    ada.sign_in(ADA)
    mine = open_editor(emma, "partial-payments")
    text = mine.locator("#editor textarea[name=body]").input_value()
    theirs = open_editor(ada, "partial-payments")
    expect(theirs.locator("[data-here]")).to_contain_text("Emma")
    theirs.locator("#editor textarea[name=body]").fill(text + "\n\n## Ada's end\n\nThe last word is an aardvark.\n")
    act(theirs, "save")

    mine.locator("#editor textarea[name=body]").fill("Emma begins with a badger.\n\n" + text)
    act(mine, "save")

    expect(mine.locator("main")).to_contain_text("Both changes are in the form now")
    expect(mine.locator("#editor textarea[name=body]")).to_have_value(re.compile(r"badger[\s\S]*aardvark"))
    act(mine, "save")
    expect(mine.locator("#editor textarea[name=body]")).to_have_value(re.compile(r"badger[\s\S]*aardvark"))


def test_publishing_is_found_compared_restored_and_makes_translations_stale(emma: Visitor, visit: Visit) -> None:
    reader = visit()
    page = open_editor(emma, "discounts-on-your-invoice")
    text = page.locator("#editor textarea[name=body]")
    text.fill(text.input_value() + "\n\n## Capybaras\n\nA capybaroid discount is not ours.\n")
    act(page, "publish")
    begun = time.monotonic()
    while (
        not reader.goto("/search?q=capybaroid").locator("main a[href*='/articles/discounts-on-your-invoice']").count()
    ):
        assert time.monotonic() - begun < 2, "published, and not found within two seconds"

    emma.goto("/work/articles/discounts-on-your-invoice/ja/edit")
    note = page.locator("main .note", has_text="changed after this was translated")
    expect(note.locator("ins", has_text="capybaroid")).to_be_visible()
    page.locator("#editor textarea[name=body]").fill("割引についての新しい文章です。\n")
    act(page, "publish")
    expect(page.locator("main")).not_to_contain_text("changed after this was translated")

    emma.goto("/work/articles/discounts-on-your-invoice/en/revisions?view=split")
    expect(page.locator("table.diff-split ins", has_text="Capybaras")).to_be_visible()
    with page.expect_navigation():
        page.locator("form[action$='/revisions/1/restore'] button").click()
    expect(page.locator("main")).to_contain_text("published again")
    expect(reader.goto("/en/articles/discounts-on-your-invoice").locator("main")).not_to_contain_text("capybaroid")


HAND_OVER = """async (field, [kind, bytes]) => {
    const carrier = new DataTransfer();
    carrier.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
    const how = { bubbles: true, cancelable: true };
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { ...how, clipboardData: carrier })
        : new DragEvent("drop", { ...how, dataTransfer: carrier });
    field.dispatchEvent(event);
}"""


def test_a_picture_can_be_pasted_and_dropped(emma: Visitor) -> None:
    page = open_editor(emma, "open-a-billing-ticket")
    text = page.locator("#editor textarea[name=body]")

    for kind, words in (("paste", "The form as it was pasted"), ("drop", "The form as it was dropped")):
        text.evaluate(HAND_OVER, [kind, list(png())])
        page.fill("#dialog-alt", words)
        page.click("#dialog-picture [data-send]")

        expect(text).to_have_value(re.compile(rf"!\[{words}\]\("))
        expect(page.locator(f"[data-preview] img[alt='{words}']")).to_be_visible()


def test_the_page_scrolls_in_step_with_the_text(emma: Visitor) -> None:
    page = open_editor(emma, "offset-line-items")
    text = page.locator("#editor textarea[name=body]")
    text.fill("\n\n".join(f"## Part {number}\n\nWords of part {number}." for number in range(60)))
    expect(page.locator("[data-preview] h2", has_text="Part 59")).to_be_attached()

    text.evaluate("field => { field.scrollTop = field.scrollHeight; }")

    last = page.locator("[data-preview] h2", has_text="Part 59")
    expect(last).to_be_in_viewport()


def test_the_source_stands_beside_the_translation(emma: Visitor) -> None:
    page = open_editor(emma, "offset-line-items", "zh-Hans")

    source, text = page.locator("[data-source] pre"), page.locator("#editor textarea[name=body]")
    expect(source).to_be_visible()
    left, right = text.bounding_box(), source.bounding_box()

    assert left
    assert right
    assert right["x"] >= left["x"] + left["width"]
