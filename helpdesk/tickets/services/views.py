"""Views of the queue that somebody named."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import SavedView
from helpdesk.tickets.rules.words import tidy_line, written


def save_view(session: Session, *, owner: User, name: str, query: str, shared: bool, now: datetime) -> SavedView:
    """Keep an address of the queue under a name; the same name again changes it. Raises `NothingWritten`."""
    title = tidy_line(written(name, limit=60))
    known = sa.select(SavedView).where(SavedView.owner_id == owner.id, SavedView.name == title)
    view = session.scalars(known).one_or_none() or SavedView(owner=owner, name=title, created_at=now)
    view.query, view.shared = query, shared
    session.add(view)
    session.flush()
    return view
