"""Articles to link to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleTranslation, Status
from helpdesk.kb.rendering import render_markdown
from helpdesk.kb.rules import SOURCE_LOCALE

_SHOWN = 8


def links_to(session: Session, text: str, *, locale: str) -> list[dict[str, object]]:
    """Articles whose title or address holds all words of `text`, in the language of the text where it exists."""
    conditions = [
        sa.or_(sa.func.lower(ArticleTranslation.title).contains(word, autoescape=True), Article.slug.contains(word))
        for word in text.lower().split()
    ]
    rows = session.execute(
        sa.select(Article.slug, ArticleTranslation.title, ArticleTranslation.body, ArticleTranslation.locale)
        .join(ArticleTranslation.article)
        .where(
            ArticleTranslation.locale.in_([locale, SOURCE_LOCALE]),
            ArticleTranslation.status != Status.ARCHIVED,
            *conditions,
        )
        .order_by(sa.case((ArticleTranslation.locale == locale, 0), else_=1), Article.slug)
        .limit(_SHOWN * 3)
    )
    found: dict[str, dict[str, object]] = {}
    for slug, title, body, tongue in rows:
        if slug not in found and len(found) < _SHOWN:
            toc = render_markdown(body, locale=tongue, slug=slug).toc
            places = [{"id": one.id, "text": one.text} for one in toc]
            found[slug] = {"slug": slug, "title": title, "places": places}
    return list(found.values())
