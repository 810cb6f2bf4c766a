"""Which articles are nearest to one: asked of the search in the background, kept with the translation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.kb.models import ArticleTranslation, Audience
from helpdesk.search.contracts import SearchQuery
from helpdesk.search.ports import SearchIndex
from helpdesk.search.services import search

_FRESH: Final = timedelta(days=7)
_KEPT: Final = 6


def refresh_related(
    session: Session, translation_ids: Iterable[int], *, today: date, index: SearchIndex | None, at_most: int = 3
) -> int:
    """Work out the nearest articles of those translations whose list is missing or old; how many were done."""
    rows = session.scalars(
        sa.select(ArticleTranslation)
        .options(joinedload(ArticleTranslation.article))
        .where(
            ArticleTranslation.id.in_(list(translation_ids)),
            sa.or_(ArticleTranslation.related_on.is_(None), ArticleTranslation.related_on < today - _FRESH),
        )
        .limit(at_most)
    ).all()
    for translation in rows:
        session.execute(
            sa.update(ArticleTranslation)
            .where(ArticleTranslation.id == translation.id)
            .values(related=_nearest(session, translation, index), related_on=today)
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def _nearest(session: Session, translation: ArticleTranslation, index: SearchIndex | None) -> list[int]:
    query = SearchQuery(
        text=" ".join([translation.title, *translation.tags]),
        locale=translation.locale,
        audiences=frozenset(audience.value for audience in Audience),
        limit=_KEPT + 1,
        exact=True,
        other_languages=False,
    )
    hits = search(session, query, index=index).hits
    return [hit.object_id for hit in hits if hit.object_id != translation.article_id][:_KEPT]
