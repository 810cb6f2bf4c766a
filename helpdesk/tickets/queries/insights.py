"""What tickets tell the editors of the knowledge base."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.insight_sources import AskedAnyway, Deflection
from helpdesk.kb.models import Article
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.models import SuggestionOpened, Ticket

_SHOWN = 12
_FOLLOWED_MAX = 2_000


def asked_anyway(session: Session, since: datetime) -> list[AskedAnyway]:
    """Tickets by topic, language of their writer, and the article that they came from."""
    rows = session.execute(
        sa.select(Ticket.topic, Ticket.locale, Article.slug, Ticket.number)
        .outerjoin(Article, Article.id == Ticket.origin_article_id)
        .where(Ticket.created_at >= since)
        .order_by(Ticket.number.desc())
    )
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for topic, locale, slug, number in rows:
        groups[str(TOPICS[topic]), locale, slug or ""].append(f"T-{number}")
    return [AskedAnyway(*key, tuple(numbers[:_SHOWN])) for key, numbers in groups.items()]


def followed(session: Session, since: datetime) -> dict[str, tuple[str, ...]]:
    """Tickets by the search that their writers came from, in small letters; the newest first."""
    rows = session.execute(
        sa.select(Ticket.origin_query, Ticket.number)
        .where(Ticket.created_at >= since, Ticket.origin_query != "")
        .order_by(Ticket.number.desc())
        .limit(_FOLLOWED_MAX)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for words, number in rows:
        found[words.lower()].append(f"T-{number}")
    return {words: tuple(numbers[:_SHOWN]) for words, numbers in found.items()}


def deflections(session: Session, since: datetime) -> list[Deflection]:
    """Articles opened from the new ticket's page, and how many of those tickets were sent all the same."""
    rows = session.execute(
        sa.select(
            SuggestionOpened.article,
            SuggestionOpened.locale,
            sa.func.count(),
            sa.func.count(SuggestionOpened.sent_at),
        )
        .where(SuggestionOpened.at >= since)
        .group_by(SuggestionOpened.article, SuggestionOpened.locale)
    )
    return [Deflection(*row) for row in rows]
