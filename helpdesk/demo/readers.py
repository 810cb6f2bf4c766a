"""What readers of the demonstration read, and whether it helped."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleFeedback, ArticleReads, ArticleTranslation, Audience

_POPULAR = (
    "why-was-i-charged-a-prorated-amount",
    "understand-your-invoice",
    "what-happens-when-payment-is-late",
    "request-a-fapiao",
)
_DAYS = 28
_HELPED = 0.86


def load_readers(session: Session, *, now: datetime) -> None:
    """Four weeks of reads, and some answers to “did this help?”; the same on every machine."""
    dice = random.Random(20_261_124)  # noqa: S311 - not a secret
    statement = (
        select(ArticleTranslation.id, Article.slug)
        .join(Article)
        .where(Article.audience == Audience.PUBLIC)
        .order_by(Article.slug, ArticleTranslation.locale)
    )
    for translation_id, slug in session.execute(statement).all():
        weight = 14 - 2 * _POPULAR.index(slug) if slug in _POPULAR else 3
        for back in range(_DAYS):
            reads = dice.randint(0, weight)
            if reads:
                session.add(
                    ArticleReads(translation_id=translation_id, day=(now - timedelta(days=back)).date(), reads=reads)
                )
        for reader in range(dice.randint(0, weight)):
            key = sha256(f"{translation_id}:{reader}".encode()).hexdigest()
            at = now - timedelta(days=dice.randint(0, _DAYS))
            session.add(
                ArticleFeedback(translation_id=translation_id, reader_key=key, helpful=dice.random() < _HELPED, at=at)
            )
    session.flush()
