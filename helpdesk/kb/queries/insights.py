"""What the knowledge base lacks, as its readers show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleFeedback, ArticleTranslation
from helpdesk.search.asked import unanswered, without_click


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without a good answer: what was asked, in which language, how often."""

    question: str
    locale: str
    times: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How readers judged one translation."""

    slug: str
    locale: str
    title: str
    helped: int
    failed: int
    comments: Sequence[tuple[str, str]]
    """Reason and words of the latest who were not helped."""

    @property
    def share(self) -> int:
        """Percent of readers who were helped."""
        return round(100 * self.helped / (self.helped + self.failed))


def without_result(session: Session, *, since: datetime) -> list[Gap]:
    """Searches that found nothing."""
    return [Gap(*row) for row in unanswered(session, since=since)]


def without_opening(session: Session, *, since: datetime) -> list[Gap]:
    """Searches of which nobody opened a result."""
    return [Gap(*row) for row in without_click(session, since=since)]


def unhelpful(session: Session, *, since: datetime, limit: int = 30) -> list[Verdict]:
    """Translations that left two readers without help, or one who said why, the worst first; two statements."""
    left = sa.func.sum(sa.case((ArticleFeedback.helpful.is_(False), 1), else_=0))
    served = sa.func.sum(sa.case((ArticleFeedback.helpful.is_(True), 1), else_=0))
    told = sa.func.max(sa.case((ArticleFeedback.helpful.is_(False) & (ArticleFeedback.comment != ""), 1), else_=0))
    badness = (left + 1.0) / (left + served + 4.0)
    rows = session.execute(
        sa.select(
            ArticleTranslation.id, Article.slug, ArticleTranslation.locale, ArticleTranslation.title, served, left
        )
        .join(ArticleTranslation.article)
        .join(ArticleFeedback, ArticleFeedback.translation_id == ArticleTranslation.id)
        .where(ArticleFeedback.at >= since)
        .group_by(ArticleTranslation.id, Article.slug, ArticleTranslation.locale, ArticleTranslation.title)
        .having(sa.or_(left > 1, told > 0))
        .order_by(badness.desc(), ArticleTranslation.id)
        .limit(limit)
    ).all()
    words = _words(session, [row[0] for row in rows], since)
    return [
        Verdict(slug, locale, title, helped, failed, words.get(number, []))
        for number, slug, locale, title, helped, failed in rows
    ]


def _words(session: Session, ids: Sequence[int], since: datetime) -> dict[int, list[tuple[str, str]]]:
    rows = session.execute(
        sa.select(ArticleFeedback.translation_id, ArticleFeedback.reason, ArticleFeedback.comment)
        .where(
            ArticleFeedback.translation_id.in_(ids),
            ArticleFeedback.helpful.is_(False),
            ArticleFeedback.at >= since,
            sa.or_(ArticleFeedback.comment != "", ArticleFeedback.reason != ""),
        )
        .order_by(ArticleFeedback.at.desc())
        .limit(200)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for number, reason, comment in rows:
        found.setdefault(number, []).append((reason, comment))
    return {number: words[:5] for number, words in found.items()}
