"""A folder of files and the database are kept alike, and nothing is overwritten."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.kb.folder.checking import check_folder
from helpdesk.kb.folder.exporting import export_folder
from helpdesk.kb.folder.files import read
from helpdesk.kb.folder.outcomes import Action
from helpdesk.kb.models import ArticleRevision, Audience, Status
from helpdesk.kb.rules import Content, content_of
from helpdesk.kb.services.publishing import publish
from helpdesk.search.models import IndexedDocument
from tests.cast import Cast
from tests.unit.kb.shelf import bring_in, the_article, the_translation, write_article

CORPUS = os.environ.get("HELPDESK_CORPUS", "")


def actions(outcomes: list) -> list[str]:  # type: ignore[type-arg]
    return [outcome.action.value for outcome in outcomes]


def edited(session: Session, slug: str, text: str, *, now: datetime) -> None:
    row = the_translation(session, slug)
    publish(session, row, content=Content(row.title, row.summary, text, tuple(row.tags)), by=None, now=now)


def test_a_file_becomes_a_published_article_that_is_found(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")

    outcomes = bring_in(session, tmp_path, now)

    row = the_translation(session, "due")
    assert actions(outcomes) == ["created"]
    assert row.status is Status.PUBLISHED
    assert session.scalars(sa.select(ArticleRevision.number)).all() == [1]
    document = session.scalars(sa.select(IndexedDocument)).one()
    assert document.body.startswith("Pay within 30 days.")
    assert list(document.headings) == ["Late"]


def test_a_second_import_of_the_same_files_touches_nothing(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    version = the_translation(session, "due").version

    outcomes = bring_in(session, tmp_path, now + timedelta(days=1))

    assert actions(outcomes) == ["unchanged"]
    assert the_translation(session, "due").version == version


def test_a_changed_file_updates_its_article(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    write_article(tmp_path, "due", body="Pay at once.", audience="customers")

    outcomes = bring_in(session, tmp_path, now)

    assert actions(outcomes) == ["updated"]
    assert the_translation(session, "due").body == "Pay at once.\n"
    assert the_article(session, "due").audience is Audience.CUSTOMERS


def test_when_both_sides_changed_neither_is_overwritten(session: Session, tmp_path: Path, now: datetime) -> None:
    path = write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    write_article(tmp_path, "due", body="The file's text.")
    edited(session, "due", "The editor's text.\n", now=now)

    imported, exported = bring_in(session, tmp_path, now), export_folder(session, tmp_path)

    assert (actions(imported), actions(exported)) == (["conflict"], ["conflict"])
    assert the_translation(session, "due").body == "The editor's text.\n"
    assert "The file's text." in path.read_text("utf-8")


def test_a_draft_is_never_lost_to_an_import(session: Session, cast: Cast, tmp_path: Path, now: datetime) -> None:
    from helpdesk.kb.services.drafting import base_of, save_draft

    write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    row = the_translation(session, "due")
    draft = Content("Draft", "", "Half a sentence", ())
    save_draft(session, row, content=draft, base=base_of(row), by=cast.emma.id, now=now)
    write_article(tmp_path, "due", body="The file's text.")

    outcomes = bring_in(session, tmp_path, now)

    assert actions(outcomes) == ["conflict"]
    assert row.draft is not None
    assert row.draft.body == "Half a sentence"


def test_both_sides_changed_alike_is_no_conflict(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    write_article(tmp_path, "due", body="The same text.")
    edited(session, "due", "The same text.\n", now=now)

    assert actions(bring_in(session, tmp_path, now)) == ["unchanged"]
    assert actions(bring_in(session, tmp_path, now)) == ["unchanged"]


def test_an_edited_article_is_exported_and_then_both_are_alike(session: Session, tmp_path: Path, now: datetime) -> None:
    path = write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    edited(session, "due", "Edited: 付款。\n", now=now)

    exported = export_folder(session, tmp_path)

    assert actions(exported) == ["updated"]
    assert "Edited: 付款。" in path.read_text("utf-8")
    assert actions(bring_in(session, tmp_path, now)) == ["unchanged"]
    assert actions(export_folder(session, tmp_path)) == ["unchanged"]


def test_a_newer_file_waits_for_its_import(session: Session, tmp_path: Path, now: datetime) -> None:
    path = write_article(tmp_path, "due")
    bring_in(session, tmp_path, now)
    write_article(tmp_path, "due", body="Newer.")

    assert actions(export_folder(session, tmp_path)) == ["waiting"]
    assert "Newer." in path.read_text("utf-8")


def test_an_exported_folder_imports_into_the_same_articles(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path / "in", "due", title='A: "quoted" title', summary="#1 & more")
    bring_in(session, tmp_path / "in", now)
    before = content_of(the_translation(session, "due"))

    export_folder(session, tmp_path / "out")

    assert actions(bring_in(session, tmp_path / "out", now)) == ["unchanged"]
    assert content_of(the_translation(session, "due")) == before


def test_unknown_front_matter_survives_the_way_in_and_out(session: Session, tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "in" / "old.md"
    path.parent.mkdir()
    path.write_text(
        "---\ntitle: Old\ndescription: From elsewhere\nms.date: 10/29/2018\nms.x: [1, a]\n---\n# Old\ntext", "utf-8"
    )

    outcomes = bring_in(session, path.parent, now, locale="zh-Hans")
    export_folder(session, tmp_path / "out")

    text = (tmp_path / "out" / "old" / "zh-Hans.md").read_text("utf-8")
    assert actions(outcomes) == ["created"]
    assert the_translation(session, "old", "zh-Hans").summary == "From elsewhere"
    assert "ms.date: 10/29/2018" in text
    assert "ms.x: [1, a]" in text


def test_broken_files_are_reported_and_the_others_still_come_in(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    write_article(tmp_path, "due")
    for slug, data in {
        "audience": b"---\ntitle: A\naudience: nobody\n---\nx",
        "bytes": b"\xff\x00\xff",
        "empty-text": b"---\ntitle: A\n---\n",
    }.items():
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "en.md").write_bytes(data)

    outcomes = {outcome.slug: outcome for outcome in bring_in(session, tmp_path, now)}

    assert outcomes["due"].action is Action.CREATED
    assert {slug for slug, one in outcomes.items() if one.action is Action.FAILED} == {
        "audience",
        "bytes",
        "empty-text",
    }
    assert all(one.reason for one in outcomes.values() if one.action is Action.FAILED)


def test_links_to_nothing_are_reported(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")
    write_article(tmp_path, "other", title="Other", body="[due](../due/) [gone](gone.md) [out](https://a.example/x.md)")

    outcomes = {outcome.slug: outcome.missing_links for outcome in bring_in(session, tmp_path, now)}

    assert outcomes == {"due": ("late",), "other": ("gone",)}


def test_translations_imported_together_are_fresh_and_become_stale(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    from helpdesk.kb.queries.desk import Standing, matrix

    write_article(tmp_path, "due")
    write_article(tmp_path, "due", "ja", title="お支払い期限", body="30 日です。")
    bring_in(session, tmp_path, now)
    before = matrix(session, today=now.date()).rows[0].cells
    edited(session, "due", "Another text.\n", now=now)

    after = matrix(session, today=now.date()).rows[0].cells

    assert [cell.standing for cell in before] == [Standing.FRESH, Standing.MISSING, Standing.FRESH]
    assert [cell.standing for cell in after] == [Standing.FRESH, Standing.MISSING, Standing.STALE]


def test_pictures_come_along(session: Session, tmp_path: Path, now: datetime) -> None:
    from helpdesk.kb.models import ArticleImage

    write_article(tmp_path, "due", body="![A screen](screen.png)")
    (tmp_path / "due" / "screen.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    (tmp_path / "due" / "fake.png").write_bytes(b"<script>")

    bring_in(session, tmp_path, now)

    assert session.scalars(sa.select(ArticleImage.name)).all() == ["screen.png"]


def test_our_own_articles_come_in_whole_and_again_in_no_time(session: Session, now: datetime) -> None:
    first = bring_in(session, ROOT / "kb", now)
    begun = time.perf_counter()
    second = bring_in(session, ROOT / "kb", now)
    took = time.perf_counter() - begun

    assert set(actions(first)) == {"created"}
    assert not [outcome for outcome in first if outcome.missing_links]
    assert set(actions(second)) == {"unchanged"}
    assert took < 0.3


@pytest.mark.skipif(not CORPUS, reason="HELPDESK_CORPUS does not name a folder of foreign articles")
@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_a_foreign_corpus_comes_in_without_a_failure(session: Session, now: datetime, locale: str) -> None:
    outcomes = bring_in(session, Path(CORPUS) / locale, now, locale=locale)

    assert set(actions(outcomes)) == {"created"}


def test_the_check_finds_what_is_wrong_and_where(tmp_path: Path) -> None:
    write_article(
        tmp_path,
        "due",
        body="[gone](../gone/)\n\n{{ policy.unheard_of }}\n\n#### Deep\n\n![](x.png)",
    )

    findings = check_folder(tmp_path, variables={})

    lines = {finding.problem: finding.line for finding in findings if finding.locale == "en"}
    assert lines == {
        "links to gone, which is not there": 11,
        "nobody knows the variable policy.unheard_of": 13,
        "a heading of level 4 follows one of level 1": 15,
        "the picture x.png has no words for those who cannot see it": 17,
        "the picture x.png is not in the folder": 17,
    }
    assert [finding.locale for finding in findings if finding.problem == "not translated"] == ["zh-Hans", "ja"]


def test_a_file_of_another_time_is_read_by_its_first_heading(tmp_path: Path) -> None:
    from helpdesk.kb.folder.files import ArticleFile

    written = read(ArticleFile(tmp_path, "x", "ja", '# <a name="x"></a>見出し\n\n本文'.encode()))

    assert written.meta.title == "見出し"
