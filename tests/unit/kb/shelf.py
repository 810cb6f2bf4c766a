"""Small folders and articles for the tests of this slice."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from helpdesk.kb.folder.importing import import_folder
from helpdesk.kb.folder.outcomes import Outcome
from helpdesk.kb.models import Article, ArticleTranslation
from helpdesk.kb.queries.desk import article_called

TEXT = """---
title: {title}
summary: {summary}
category: due-dates
audience: {audience}
tags: [due, late]
reviewed: 2026-11-20
review_by: 2027-05-20
---

{body}
"""


def write_article(
    folder: Path,
    slug: str,
    locale: str = "en",
    *,
    title: str = "When your payment is due",
    summary: str = "By the date on the bill.",
    audience: str = "public",
    body: str = "Pay within {{ limits.payment_terms_days }} days.\n\n## Late\n\nSee [there](../late/).",
) -> Path:
    """Write one article file."""
    path = folder / slug / f"{locale}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        TEXT.format(title=json.dumps(title), summary=json.dumps(summary), audience=audience, body=body), "utf-8"
    )
    return path


def bring_in(session: Session, folder: Path, now: datetime, locale: str | None = None) -> list[Outcome]:
    """Import a folder as the command does."""
    outcomes = import_folder(session, folder, now=now, locale=locale)
    session.flush()
    return outcomes


def the_article(session: Session, slug: str) -> Article:
    """An article that is there."""
    article = article_called(session, slug)
    assert article is not None
    return article


def the_translation(session: Session, slug: str, locale: str = "en") -> ArticleTranslation:
    """A translation that is there."""
    return next(one for one in the_article(session, slug).translations if one.locale == locale)
