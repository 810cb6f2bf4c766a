"""What was asked, without who asked it: for suggestions and for the editors' insights."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.search.models import LoggedQuery

_LEARNT_MAX = 200


def unanswered(session: Session, *, since: datetime, limit: int = 50) -> list[tuple[str, str, int]]:
    """Questions that found nothing: text, language, how often; the most frequent first."""
    return _asked(session, LoggedQuery.results == 0, since=since, limit=limit)


def frequent_public(session: Session, *, since: datetime, times: int) -> list[tuple[str, str]]:
    """Questions that strangers asked at least so often and that found something: text and language."""
    rows = session.execute(
        sa.select(LoggedQuery.text, LoggedQuery.locale)
        .where(LoggedQuery.at >= since, LoggedQuery.results > 0, LoggedQuery.is_public)
        .group_by(LoggedQuery.text, LoggedQuery.locale)
        .having(sa.func.count() >= times)
        .order_by(sa.func.count().desc(), LoggedQuery.text)
        .limit(_LEARNT_MAX)
    )
    return [(text, locale) for text, locale in rows]


def without_click(session: Session, *, since: datetime, limit: int = 50) -> list[tuple[str, str, int]]:
    """Questions with results of which nobody ever opened one."""
    ignored = sa.func.count(LoggedQuery.clicked_object_id) == 0
    return _asked(session, LoggedQuery.results > 0, since=since, limit=limit, having=ignored)


def _asked(
    session: Session,
    condition: sa.ColumnElement[bool],
    *,
    since: datetime,
    limit: int,
    having: sa.ColumnElement[bool] | None = None,
) -> list[tuple[str, str, int]]:
    times = sa.func.count()
    rows = session.execute(
        sa.select(LoggedQuery.text, LoggedQuery.locale, times)
        .where(LoggedQuery.at >= since, condition)
        .group_by(LoggedQuery.text, LoggedQuery.locale)
        .having(sa.true() if having is None else having)
        .order_by(times.desc(), LoggedQuery.text)
        .limit(limit)
    )
    return [(text, locale, count) for text, locale, count in rows]
