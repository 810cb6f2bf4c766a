"""The signed-in person, as a `User`."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import User
from helpdesk.extensions import db, login_manager
from helpdesk.web.guards import current_actor


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(identity: str) -> User | None:
    """The person of a session, unless disabled or signed out everywhere since (the epoch grew)."""
    number, _, epoch = identity.partition(".")
    if not number.isdigit() or not epoch.isdigit():
        return None
    person = db.session.scalars(
        select(User).options(joinedload(User.customer)).where(User.id == int(number))
    ).one_or_none()
    if person is None or person.epoch != int(epoch) or not person.is_active:
        return None
    return person


def signed_in_user() -> User:
    """The person of this request; call it only behind `@requires`."""
    actor = current_actor()
    if actor is None:
        msg = "nobody is signed in"
        raise RuntimeError(msg)
    return cast("User", actor)


def signed_in_user_or_none() -> User | None:
    """The person of this request, or None on a public page."""
    return cast("User | None", current_actor())
