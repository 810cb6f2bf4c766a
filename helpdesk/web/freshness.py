"""Asking a person to prove again who they are, before what must not be done by a finder of an open laptop."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from flask import Flask, current_app, g
from flask.typing import ResponseReturnValue

from helpdesk.clock import utc_now
from helpdesk.limits import FRESH_SIGN_IN

View = Callable[..., ResponseReturnValue]
Asker = Callable[[], ResponseReturnValue | None]
"""Gives the page that asks, or None where this very request brought the proof along."""

_KEY: Final = "ask_who_it_is"


def ask_with(app: Flask, asker: Asker) -> None:
    """Have `asker` ask; the slice that knows people registers it."""
    app.extensions[_KEY] = asker


def is_fresh() -> bool:
    """Whether the person proved who they are on this device a short while ago."""
    confirmed_at = g.get("confirmed_at")
    return confirmed_at is not None and utc_now() - confirmed_at < FRESH_SIGN_IN


def fresh(view: View) -> View:
    """Let in only who signed in, or confirmed it, a short while ago; stands under `@requires`.

    Others are asked first. A form that comes too late is kept and sent on with the answer, so nothing typed is lost.
    """

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        question = None if is_fresh() else current_app.extensions[_KEY]()
        return view(*args, **kwargs) if question is None else question

    guarded.fresh = True  # type: ignore[attr-defined]
    return guarded
