"""Drafts, publishing, conflicts, moving, differences, and what readers say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.kb.diff import Change, changes
from helpdesk.kb.models import ArticleFeedback, ArticleReads, ArticleTranslation, Audience, Status
from helpdesk.kb.queries import reader
from helpdesk.kb.queries.desk import revisions_of, source_changes
from helpdesk.kb.queries.insights import unhelpful
from helpdesk.kb.rules import ChangedMeanwhile, Content, NothingToPublish, SlugTaken, SlugWrong, is_review_due
from helpdesk.kb.services.details import change_details
from helpdesk.kb.services.drafting import (
    add_translation,
    base_of,
    create_article,
    discard_draft,
    save_draft,
    working_copy,
)
from helpdesk.kb.services.feedback import give_feedback
from helpdesk.kb.services.publishing import archive, publish, restore
from helpdesk.kb.services.reading import ReadCounter, is_machine
from helpdesk.kb.services.relating import refresh_related
from helpdesk.search.models import IndexedDocument
from tests.cast import Cast
from tests.unit.kb.shelf import bring_in, the_article, the_translation, write_article

FIRST = Content("Due", "Soon", "One.\n", ("due",))
SECOND = Content("Due", "Soon", "Two.\n", ("due",))


@pytest.fixture
def draft(session: Session, cast: Cast, now: datetime) -> ArticleTranslation:
    return create_article(
        session,
        slug="due",
        locale="en",
        content=FIRST,
        audience=Audience.PUBLIC,
        category=None,
        by=cast.emma.id,
        now=now,
    )


def titles_found(session: Session) -> list[str]:
    return list(session.scalars(sa.select(IndexedDocument.body)))


def test_a_draft_is_nobodys_but_the_editors(session: Session, draft: ArticleTranslation) -> None:
    assert draft.status is Status.DRAFT
    assert reader.article_page(session, None, "due") is None
    assert titles_found(session) == []


def test_publishing_shows_finds_records_and_keeps_a_revision(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    revision = publish(session, draft, content=FIRST, by=cast.emma.id, note="First", now=now)

    assert (revision.number, revision.author_id, revision.note) == (1, cast.emma.id, "First")
    assert draft.draft is None
    assert titles_found(session) == ["One."]
    assert session.scalars(sa.select(AuditEntry.action)).all() == ["article.published"]


def test_a_draft_of_a_published_article_leaves_readers_alone(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    publish(session, draft, content=FIRST, by=cast.emma.id, now=now)

    save_draft(session, draft, content=SECOND, base=base_of(draft), by=cast.emma.id, now=now)

    assert draft.body == "One.\n"
    assert working_copy(draft) == SECOND
    assert titles_found(session) == ["One."]


def test_an_outdated_base_is_refused_and_nothing_is_lost(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    begun = base_of(draft)
    save_draft(session, draft, content=FIRST, base=begun, note="mine", by=cast.emma.id, now=now)

    with pytest.raises(ChangedMeanwhile):
        save_draft(session, draft, content=SECOND, base=begun, by=cast.mei.id, now=now)

    assert working_copy(draft) == FIRST


def test_another_editors_draft_that_is_replaced_stays_in_the_audit_trail(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    save_draft(session, draft, content=SECOND, base=base_of(draft), by=cast.mei.id, now=now)

    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "article.draft_replaced")).one()
    assert entry.before is not None
    assert entry.before["body"] == "One.\n"


def test_handing_in_waits_for_somebody_who_may_publish(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    kept = save_draft(session, draft, content=FIRST, base=base_of(draft), submit=True, by=cast.mei.id, now=now)

    assert draft.status is Status.IN_REVIEW
    assert kept.submitted_at == now


def test_nothing_cannot_be_published(session: Session, draft: ArticleTranslation, now: datetime) -> None:
    with pytest.raises(NothingToPublish):
        publish(session, draft, content=Content("Title", "", "\n"), by=None, now=now)


def test_archiving_takes_away_and_publishing_brings_back(
    session: Session, draft: ArticleTranslation, now: datetime
) -> None:
    publish(session, draft, content=FIRST, by=None, now=now)

    archive(session, draft, by=None, now=now)

    assert reader.article_page(session, None, "due") is None
    assert titles_found(session) == []
    publish(session, draft, content=FIRST, by=None, now=now)
    assert reader.article_page(session, None, "due") is not None


def test_restoring_is_a_new_revision(session: Session, cast: Cast, draft: ArticleTranslation, now: datetime) -> None:
    first = publish(session, draft, content=FIRST, by=cast.emma.id, now=now)
    publish(session, draft, content=SECOND, by=cast.emma.id, now=now)

    restore(session, draft, first, by=cast.emma.id, note="Back", now=now)

    assert draft.body == "One.\n"
    assert [revision.number for revision, _name in revisions_of(session, draft)] == [3, 2, 1]


def test_dropping_a_draft_goes_back_to_what_is_published(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    publish(session, draft, content=FIRST, by=cast.emma.id, now=now)
    save_draft(session, draft, content=SECOND, base=base_of(draft), by=cast.emma.id, now=now)

    discard_draft(session, draft, by=cast.emma.id, now=now)

    assert working_copy(draft) == FIRST


def test_what_the_source_changed_since_the_translation_is_known(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    publish(session, draft, content=FIRST, by=None, now=now)
    japanese = add_translation(session, draft.article, locale="ja", content=FIRST, by=cast.emma.id, now=now)
    publish(session, japanese, content=FIRST, by=None, now=now)
    assert source_changes(session, japanese, draft) is None

    publish(session, draft, content=SECOND, by=None, now=now)

    pair = source_changes(session, japanese, draft)
    assert pair is not None
    assert [revision.body for revision in pair] == ["One.\n", "Two.\n"]


def test_an_address_can_move_and_the_old_one_leads_on(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    change_details(
        session,
        draft.article,
        audience=Audience.AGENTS,
        category=None,
        slug="due-date",
        review_by=None,
        by=cast.emma.id,
        now=now,
    )

    assert reader.slug_today(session, "due") == "due-date"
    with pytest.raises(SlugTaken):
        create_article(
            session,
            slug="due",
            locale="en",
            content=FIRST,
            audience=Audience.PUBLIC,
            category=None,
            by=cast.emma.id,
            now=now,
        )


def test_an_article_can_move_back_to_its_own_old_address(
    session: Session, cast: Cast, draft: ArticleTranslation, now: datetime
) -> None:
    for slug in ("due-date", "due"):
        change_details(
            session,
            draft.article,
            audience=Audience.PUBLIC,
            category=None,
            slug=slug,
            review_by=None,
            by=cast.emma.id,
            now=now,
        )

    assert draft.article.slug == "due"
    assert reader.slug_today(session, "due-date") == "due"


@pytest.mark.parametrize("slug", ["", "a b", "über", "-a", "a/../b", "new", "feed", "x" * 130])
def test_odd_addresses_are_refused(session: Session, cast: Cast, now: datetime, slug: str) -> None:
    with pytest.raises(SlugWrong):
        create_article(
            session,
            slug=slug,
            locale="en",
            content=FIRST,
            audience=Audience.PUBLIC,
            category=None,
            by=cast.emma.id,
            now=now,
        )


def test_a_reader_has_one_verdict_and_may_change_it(session: Session, draft: ArticleTranslation, now: datetime) -> None:
    give_feedback(session, draft, reader_key="visit:a", helpful=True, now=now)
    give_feedback(session, draft, reader_key="visit:a", helpful=False, reason="unclear", comment="Which date?", now=now)
    give_feedback(session, draft, reader_key="visit:b", helpful=True, now=now)

    rows = session.scalars(sa.select(ArticleFeedback)).all()
    verdict = unhelpful(session, since=now - timedelta(days=1))[0]
    assert len(rows) == 2
    assert (verdict.helped, verdict.failed, verdict.share) == (1, 1, 50)
    assert verdict.comments == [("unclear", "Which date?")]


def test_one_reader_who_says_nothing_makes_no_gap(session: Session, draft: ArticleTranslation, now: datetime) -> None:
    since = now - timedelta(days=1)
    give_feedback(session, draft, reader_key="visit:a", helpful=False, reason="unclear", now=now)
    assert unhelpful(session, since=since) == []

    give_feedback(session, draft, reader_key="visit:b", helpful=False, now=now)
    assert [one.failed for one in unhelpful(session, since=since)] == [2]


def test_reads_are_counted_once_a_reader_and_day_and_added_up(
    session: Session, draft: ArticleTranslation, now: datetime
) -> None:
    counter, day = ReadCounter(), now.date()
    for name in ("a", "a", "b"):
        counter.note(draft.id, reader=name, day=day)
    counter.write(session)
    counter.note(draft.id, reader="c", day=day)

    counter.write(session)

    assert session.scalars(sa.select(ArticleReads.reads)).one() == 3
    assert counter.write(session) == []


def test_the_most_read_come_first(session: Session, tmp_path: Path, now: datetime) -> None:
    for slug in ("seldom", "often"):
        write_article(tmp_path, slug, title=slug)
    bring_in(session, tmp_path, now)
    session.add(ArticleReads(translation_id=the_translation(session, "seldom").id, day=now.date(), reads=2))
    session.add(ArticleReads(translation_id=the_translation(session, "often").id, day=now.date(), reads=9))
    session.flush()

    assert [one.slug for one in reader.popular(session, None, "en", today=now.date())] == ["often", "seldom"]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [("Googlebot/2.1", True), ("curl/8", True), ("", True), ("Mozilla/5.0 (X11; Linux) Firefox/140.0", False)],
)
def test_machines_are_told_from_people(agent: str, *, expected: bool) -> None:
    assert is_machine(agent) is expected


def test_the_nearest_articles_are_worked_out_and_kept(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due", title="Due date of a bill", body="When a bill is due.")
    write_article(tmp_path, "late", title="Late bill", body="When a bill is late after its due date.")
    write_article(tmp_path, "other", title="Seats", body="Seats and nothing else.")
    bring_in(session, tmp_path, now)
    row = the_translation(session, "due")
    version = row.version

    done = refresh_related(session, [row.id], today=now.date(), index=None)

    session.expire(row)
    assert done == 1
    assert row.related[0] == the_article(session, "late").id
    assert row.version == version
    assert refresh_related(session, [row.id], today=now.date(), index=None) == 0


def test_a_review_is_due_on_its_day(draft: ArticleTranslation) -> None:
    draft.article.review_by = date(2026, 11, 24)

    assert is_review_due(draft.article, date(2026, 11, 24))
    assert not is_review_due(draft.article, date(2026, 11, 23))


def test_a_difference_shows_single_chinese_characters() -> None:
    line = changes("请在30天内付款。", "请在45天内支付。")[0]

    removed = [piece.text for piece in line.pieces if piece.change is Change.REMOVED]
    added = [piece.text for piece in line.pieces if piece.change is Change.ADDED]
    assert removed[0] == "30"
    assert added[0] == "45"


def test_a_difference_leaves_equal_stretches_out() -> None:
    before = "\n".join(f"line {number}" for number in range(40))

    lines = changes(before, before.replace("line 20", "line twenty"))

    assert len(lines) == 5
    assert sum(line.is_changed for line in lines) == 1


def test_a_huge_difference_is_quick() -> None:
    lines = changes("a b " * 20_000, "c d " * 20_000)

    assert [piece.change for piece in lines[0].pieces] == [Change.REMOVED, Change.ADDED]
