"""Who sees which article, wherever articles are listed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.queries import reader as queries
from helpdesk.kb.rules import audiences_of
from helpdesk.kb.services.publishing import archive
from helpdesk.permissions import Role
from tests.cast import Cast
from tests.unit.kb.shelf import bring_in, the_translation, write_article

SEEN = [
    (None, {"for-all"}),
    ("wang_fang", {"for-all", "for-customers"}),
    ("li_na", {"for-all", "for-customers"}),
    ("tom", {"for-all", "for-customers", "for-us"}),
    ("emma", {"for-all", "for-customers", "for-us"}),
]


@pytest.fixture
def shelf(session: Session, tmp_path: Path, now: datetime) -> Session:
    for slug, audience in {"for-all": "public", "for-customers": "customers", "for-us": "agents"}.items():
        write_article(tmp_path, slug, title=slug, audience=audience)
    write_article(tmp_path, "gone", title="gone")
    (tmp_path / "not-yet").mkdir()
    (tmp_path / "not-yet" / "en.md").write_text("---\ntitle: not-yet\nstatus: draft\n---\ntext\n", "utf-8")
    bring_in(session, tmp_path, now)
    archive(session, the_translation(session, "gone"), by=None, now=now)
    return session


def person(cast: Cast, name: str | None) -> User | None:
    return getattr(cast, name) if name else None


@pytest.mark.parametrize(("name", "expected"), SEEN)
def test_each_reader_sees_what_is_meant_for_them(
    shelf: Session, cast: Cast, name: str | None, expected: set[str]
) -> None:
    reader = person(cast, name)

    rows = shelf.scalars(queries.articles_visible_to(reader)).all()

    assert {row.article.slug for row in rows} == expected
    assert {one.slug for one in queries.listed(shelf, reader, "en")} == expected
    assert {
        slug
        for slug in ("for-all", "for-customers", "for-us", "gone", "not-yet")
        if queries.article_page(shelf, reader, slug)
    } == expected
    assert {one.slug for one in queries.popular(shelf, reader, "en", today=date(2026, 11, 24))} <= expected


def test_the_site_map_and_the_feed_are_for_strangers(shelf: Session) -> None:
    assert [slug for slug, _locale, _at in queries.everything_public(shelf)] == ["for-all"]
    assert [one.slug for one in queries.latest(shelf, None, "en")] == ["for-all"]


def test_audiences_widen_from_strangers_to_staff() -> None:
    assert audiences_of(None) < audiences_of(Role.CUSTOMER_MEMBER) < audiences_of(Role.AGENT)
    assert audiences_of(Role.BILLING_CONTACT) == audiences_of(Role.CUSTOMER_MEMBER)


def test_another_language_stands_in_and_is_marked(session: Session, tmp_path: Path, now: datetime) -> None:
    write_article(tmp_path, "due")
    write_article(tmp_path, "due", "ja", title="お支払い期限")
    write_article(tmp_path, "only-ja", "ja", title="日本語のみ")
    bring_in(session, tmp_path, now)

    found = {one.slug: (one.locale, one.is_fallback) for one in queries.listed(session, None, "zh-Hans")}

    assert found == {"due": ("en", True), "only-ja": ("ja", True)}
