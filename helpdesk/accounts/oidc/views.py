"""Going to the identity provider and coming back."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts import sessions
from helpdesk.accounts.access import signed_in_user, signed_in_user_or_none
from helpdesk.accounts.landing import landing_path
from helpdesk.accounts.models import User
from helpdesk.accounts.oidc.provider import Departure, Provider
from helpdesk.accounts.oidc.rules import PENDING, AnswerNotOurs, Identity, NotAgain
from helpdesk.accounts.oidc.services import check_same_person, recognise
from helpdesk.accounts.second_factor.queries import has_second_factor
from helpdesk.accounts.services import note_sign_in
from helpdesk.accounts.sessions.browser import note, this_session
from helpdesk.accounts.sessions.services import confirm
from helpdesk.clock import utc_now
from helpdesk.db import only_read
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import public, requires
from helpdesk.web.safe_redirects import safe_path

bp = Blueprint("oidc", __name__)

_KEY: Final = "provider"


def _provider() -> Provider:
    if not settings().oidc_issuer:
        abort(404)
    return Provider(settings(), back=settings().base_url.rstrip("/") + url_for("oidc.arrive"))


@bp.get("/sign-in/provider")
@public
@limiter.limit("20/minute")
def depart() -> ResponseReturnValue:
    """Send the browser to the provider."""
    return _sent(again_for=None, door=url_for("accounts.sign_in"))


@bp.get("/confirm/provider")
@requires(Permission.ACCOUNT_OWN)
@limiter.limit("20/minute")
def depart_again() -> ResponseReturnValue:
    """Send the browser to the provider, who asks once more."""
    return _sent(again_for=signed_in_user(), door=url_for("sessions.confirm"))


def _sent(*, again_for: User | None, door: str) -> ResponseReturnValue:
    try:
        departure = _provider().depart(again=again_for is not None)
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
        return redirect(door)
    _remember(departure, again_for)
    return redirect(departure.url)


def _remember(departure: Departure, again_for: User | None) -> None:
    session[_KEY] = {
        "state": departure.state,
        "nonce": departure.nonce,
        "verifier": departure.verifier,
        "next": safe_path(request.args.get("next"), default=""),
        "again_for": again_for.id if again_for else None,
        "at": utc_now().timestamp(),
    }


@bp.get("/sign-in/provider/back")
@public
def arrive() -> ResponseReturnValue:
    """Let in whom the provider names, if they have an account; or count an open session as fresh."""
    provider, pending = _provider(), session.pop(_KEY, None)
    _will_write()
    try:
        identity = _identity(provider, pending)
        return _confirmed(identity, pending) if pending["again_for"] is not None else _let_in(identity, pending)
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return redirect(url_for("sessions.confirm") if signed_in_user_or_none() else url_for("accounts.sign_in"))


def _will_write() -> None:
    """Unlike other pages that are fetched, this one writes: SQLite has to know before the transaction begins."""
    db.session.rollback()
    only_read(on=False)


def _identity(provider: Provider, pending: dict[str, Any] | None) -> Identity:
    if pending is None or utc_now().timestamp() - pending["at"] > PENDING.total_seconds():
        raise AnswerNotOurs
    return provider.arrive(request.args, state=pending["state"], nonce=pending["nonce"], verifier=pending["verifier"])


def _let_in(identity: Identity, pending: dict[str, Any]) -> ResponseReturnValue:
    now = utc_now()
    person = recognise(db.session, identity, now=now)
    owes_code = has_second_factor(db.session, person) and not identity.is_two_step
    if not owes_code:
        note_sign_in(db.session, person, now=now)
    sessions.begin(person, is_two_step=identity.is_two_step)
    if owes_code:
        return redirect(url_for("second_factor.step", next=pending["next"] or None))
    return redirect(safe_path(pending["next"], default=landing_path(person)))


def _confirmed(identity: Identity, pending: dict[str, Any]) -> ResponseReturnValue:
    person, now = signed_in_user_or_none(), utc_now()
    if person is None or person.id != pending["again_for"]:
        raise NotAgain
    check_same_person(db.session, identity, person, now=now)
    row = this_session()
    confirm(db.session, row, person, now=now)
    db.session.commit()
    note(row)
    return redirect(safe_path(pending["next"], default=url_for("sessions.index")))
