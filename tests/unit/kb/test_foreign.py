"""Articles that were not written for us come in all the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.folder.files import ArticleFile, read
from helpdesk.kb.folder.outcomes import Action
from helpdesk.kb.models import ArticleTranslation, Audience, Status
from helpdesk.kb.rendering import Rendered, render_markdown
from tests.unit.kb.shelf import bring_in, the_article, the_translation

ODD = {
    "colon": b"---\ntitle: Azure: what it costs\nms.date: 02/03/2019\n---\nText.",
    "quote": b'---\ntitle: \'It\'s late\'\ndescription: "He said "no""\n---\nText.',
    "list": b"---\ntitle: [a\n---\nText.",
    "day": b"---\ntitle: A day\ndate: 2019-02-30\nreviewed: soon\n---\nText.",
    "no-title": b"---\ntitle:\n---\n# The <b>heading</b>\n\nText.",
    "long-title": b"---\ntitle: " + b"word " * 90 + b"\n---\nText.",
    "nothing-closed": b"---\ntitle: A\nText without an end.",
    "rule-first": b"---\n\nA line between rules.\n\n---\n\nMore.",
    "bomb": b"---\ntitle: A\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nText.",
    "nul": b'---\ntitle: "A\\0B"\nother: "\\0"\nnot: .nan\n---\nText\x00.',
    "half": b'---\ntitle: "A \\uD800 half"\n---\nText.',
    "lists": b"---\ntitle: A\ntags: {a: b}\nredirects: [x, x, 'NO GOOD', 5]\ncategory: [a]\n---\nText.",
    "utf16": "---\ntitle: 账单\n---\n正文。".encode("utf-16"),
    "tabs": b"---\ntitle:\tA\n\tauthor: x\n---\nText.",
    "endings": b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nText.\r\n",
}


@pytest.mark.parametrize("slug", ODD)
def test_odd_front_matter_is_no_failure(session: Session, tmp_path: Path, now: datetime, slug: str) -> None:
    (tmp_path / f"{slug}.md").write_bytes(ODD[slug])

    (outcome,) = bring_in(session, tmp_path, now, locale="zh-Hans")

    assert outcome.action is Action.CREATED
    translation = the_translation(session, slug, "zh-Hans")
    assert translation.status is Status.PUBLISHED
    assert translation.title
    assert len(translation.title) <= 200


def test_broken_yaml_is_read_line_by_line() -> None:
    written = read(ArticleFile(Path("x"), "x", "en", ODD["colon"]))

    assert written.meta.title == "Azure: what it costs"
    assert written.meta.unused == {"ms.date": "02/03/2019"}
    assert written.body == "Text.\n"


def test_what_is_not_a_day_is_no_day() -> None:
    text = b"---\ntitle: A\nreviewed: 2026-11-20\nreview_by: next spring\n---\nText."

    meta = read(ArticleFile(Path("x"), "x", "en", text)).meta

    assert (meta.reviewed, meta.review_by) == (date(2026, 11, 20), None)


@pytest.mark.parametrize(
    ("words", "audience", "status"),
    [
        ("", Audience.PUBLIC, Status.PUBLISHED),
        ("audience: ITPro", Audience.PUBLIC, Status.PUBLISHED),
        ("audience: Agent", Audience.AGENTS, Status.PUBLISHED),
        ("audience: internal only", Audience.AGENTS, Status.PUBLISHED),
        ("audience: Customer", Audience.CUSTOMERS, Status.PUBLISHED),
        ("status: preview", Audience.PUBLIC, Status.PUBLISHED),
        ("status: Draft", Audience.PUBLIC, Status.DRAFT),
        ("status: WIP", Audience.PUBLIC, Status.DRAFT),
    ],
)
def test_another_house_s_words_are_understood_and_never_too_openly(  # noqa: PLR0917 - a table
    session: Session, tmp_path: Path, now: datetime, words: str, audience: Audience, status: Status
) -> None:
    (tmp_path / "one.md").write_text(f"---\ntitle: A\n{words}\n---\nText.")

    bring_in(session, tmp_path, now, locale="en")

    assert the_article(session, "one").audience is audience
    assert the_translation(session, "one").status is status


def test_what_was_not_taken_as_written_is_said(session: Session, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "one.md").write_text("---\ntitle: A\naudience: ITPro\n---\nText.")

    (outcome,) = bring_in(session, tmp_path, now, locale="en")

    assert outcome.reason == "audience “ITPro” was read as public"


def test_files_may_be_called_anything(session: Session, tmp_path: Path, now: datetime) -> None:
    for name in ("Azure_AD v2", "azure-ad-v2", "账单", "new", "README", "x" * 130):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nText.")

    outcomes = bring_in(session, tmp_path, now, locale="en")

    slugs = {outcome.slug for outcome in outcomes}
    assert len(slugs) == len(outcomes) == 5
    assert {"azure-ad-v2", "azure-ad-v2-2", "new-2"} <= slugs
    assert {outcome.action for outcome in bring_in(session, tmp_path, now, locale="en")} == {Action.UNCHANGED}


def test_a_file_without_text_waits_as_a_draft(session: Session, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "moved.md").write_text("---\ntitle: Moved\nredirect_url: /elsewhere\n---\n")

    (outcome,) = bring_in(session, tmp_path, now, locale="en")

    assert outcome.action is Action.CREATED
    assert the_translation(session, "moved").status is Status.DRAFT


def test_a_text_that_cannot_be_shown_leaves_the_others_whole(
    session: Session, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nText.")

    def render(text: str, *, locale: str, slug: str) -> Rendered:
        if slug == "b":
            raise RecursionError
        return render_markdown(text, locale=locale, slug=slug)

    monkeypatch.setattr("helpdesk.kb.folder.importing.render_markdown", render)

    outcomes = bring_in(session, tmp_path, now, locale="en")

    assert [outcome.action for outcome in outcomes] == [Action.CREATED, Action.FAILED, Action.CREATED]
    assert session.scalars(sa.select(sa.func.count()).select_from(ArticleTranslation)).one() == 2
