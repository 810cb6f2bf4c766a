"""Who may come in: the only module that touches `current_user`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from flask import abort, has_request_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from helpdesk.extensions import login_manager
from helpdesk.permissions import Permission, Role, may

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")


class Actor(Protocol):
    """What the web layer asks of a signed-in person."""

    id: Any
    role: Any
    customer_id: Any
    locale: Any
    time_zone: Any


def current_actor() -> Actor | None:
    """The person who is signed in, or nobody."""
    if not has_request_context():
        return None
    person = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's way to unwrap; asked often, so only once
    return cast("Actor", person) if person.is_authenticated else None


def public(view: View) -> View:
    """Stamp a view that anyone may see; a test keeps the list of them short."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def requires(
    permission: Permission, *others: Permission
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Let in only those whose role is granted `permission`, or one of the others; the rest get sign-in or 403."""
    enough = (permission, *others)

    def stamp(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            actor = current_actor()
            if actor is None:
                return cast("ResponseReturnValue", login_manager.unauthorized())
            if not any(may(Role(actor.role), each) for each in enough):
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.permissions = enough  # type: ignore[attr-defined]
        return guarded

    return stamp


def found(row: T | None) -> T:
    """The row, or 404: what one may not see does not exist."""
    if row is None:
        abort(404)
    return row
