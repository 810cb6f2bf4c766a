"""Views of the queue that somebody named."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.errors import DomainError
from helpdesk.tickets.models import SavedView
from helpdesk.tickets.rules.words import tidy_line, written


class ViewNameTaken(DomainError):
    """You have another view of that name already. Choose a different one."""


def save_view(session: Session, *, owner: User, name: str, query: str, shared: bool, now: datetime) -> SavedView:
    """Keep an address of the queue under a name; the same name again changes it. Raises `NothingWritten`."""
    title = tidy_line(written(name, limit=60))
    known = sa.select(SavedView).where(SavedView.owner_id == owner.id, SavedView.name == title)
    view = session.scalars(known).one_or_none() or SavedView(owner=owner, name=title, created_at=now)
    view.query, view.shared = query, shared
    session.add(view)
    session.flush()
    return view


def change_view(session: Session, view: SavedView, *, name: str, shared: bool) -> SavedView:
    """Rename a view, show it to the team or to its owner alone. Raises `NothingWritten`, `ViewNameTaken`."""
    title = tidy_line(written(name, limit=60))
    same = sa.select(SavedView.id).where(
        SavedView.owner_id == view.owner_id, SavedView.name == title, SavedView.id != view.id
    )
    if session.scalars(same).first() is not None:
        raise ViewNameTaken
    view.name, view.shared = title, shared
    session.flush()
    return view
