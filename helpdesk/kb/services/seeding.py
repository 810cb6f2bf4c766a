"""What a new installation begins with, beside its articles: templates of articles and the words of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.kb.desk_models import ArticlePattern
from helpdesk.search.services import seed_synonyms
from helpdesk.web.locale import LOCALES

_FOLDER: Final = ROOT / "helpdesk" / "kb" / "patterns"
_NAME: Final = re.compile(r"^=== (.+)$", re.MULTILINE)


def seed(session: Session, *, now: datetime) -> None:
    """Give what is missing altogether; what editors keep is left alone."""
    seed_synonyms(session, now=now)
    if session.scalars(sa.select(ArticlePattern.id).limit(1)).first() is not None:
        return
    session.add_all(
        ArticlePattern(name=name, locale=locale, body=body, updated_at=now)
        for locale in LOCALES
        for name, body in _shipped(locale)
    )
    session.flush()


def _shipped(locale: str) -> Iterator[tuple[str, str]]:
    """The names and texts of one language, each begun by a line `=== name`."""
    pieces = _NAME.split((_FOLDER / f"{locale}.md").read_text("utf-8"))
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        yield name.strip(), body.strip() + "\n"
