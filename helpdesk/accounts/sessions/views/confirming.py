"""The question “is it still you?”, asked by `helpdesk.web.freshness`."""

from __future__ import annotations

from typing import Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.oidc.queries import identity_linked
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.sessions.browser import note, this_session
from helpdesk.accounts.sessions.forms import ConfirmForm
from helpdesk.accounts.sessions.services import confirm_by_code, confirm_by_password
from helpdesk.accounts.sessions.views.blueprint import bp
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires
from helpdesk.web.safe_redirects import safe_path

_ANSWERS: Final = {"confirm_password", "confirm_code"}
_OURS: Final = _ANSWERS | {"confirm_user", "csrf_token"}


@bp.route("/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confirm() -> ResponseReturnValue:
    """Ask, and go on to where the person wanted to be."""
    place = safe_path(request.args.get("next"), default=url_for("sessions.index"))
    form = ConfirmForm()
    if form.validate_on_submit() and _is_proven(form):
        return _file_page(place) if _is_file(place) else redirect(place)
    return _page(form, action=url_for("sessions.confirm", next=place), kept=[], place=place)


def _is_file(place: str) -> bool:
    return place.partition("?")[0].endswith((".csv", ".zip"))


def _file_page(place: str) -> ResponseReturnValue:
    """A file leaves the page as it is, so say where it is instead of leaving the question on the screen."""
    return render_template("accounts/confirmed.html", layout=layout_of(signed_in_user()), place=place)


def ask() -> ResponseReturnValue | None:
    """Ask before a page is shown, or before a form is used: its fields travel along and are sent with the answer."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("sessions.confirm", next=request.full_path.rstrip("?")))
    form = ConfirmForm()
    if not _ANSWERS & set(request.form):
        form = ConfirmForm(formdata=None)
    elif form.validate() and _is_proven(form):
        return None
    kept = [(name, value) for name, values in request.form.lists() if name not in _OURS for value in values]
    return _page(form, action=request.full_path.rstrip("?"), kept=kept)


def _is_proven(form: ConfirmForm) -> bool:
    """Look at the answer; a wrong one is counted and told in the form."""
    if not form.is_answered:
        form.form_errors.append(_("Enter your password or a code."))
        return False
    field = form.confirm_password if form.confirm_password.data else form.confirm_code
    try:
        _check(form)
    except DomainError as refusal:
        field.errors = [*field.errors, sentence_of(refusal)]
        proven = False
    else:
        proven = True
    db.session.commit()
    return proven


def _check(form: ConfirmForm) -> None:
    row, person, address, now = this_session(), signed_in_user(), request.remote_addr, utc_now()
    if form.confirm_password.data:
        typed = str(form.confirm_password.data)
        confirm_by_password(db.session, row, person, password=typed, address=address, now=now)
    else:
        code, seal = str(form.confirm_code.data), Seal(settings().secrets())
        confirm_by_code(db.session, row, person, code=code, seal=seal, address=address, now=now)
    note(row)


def _page(form: ConfirmForm, *, action: str, kept: list[tuple[str, str]], place: str = "") -> ResponseReturnValue:
    person = signed_in_user()
    issuer = settings().oidc_issuer
    return render_template(
        "accounts/confirm.html",
        form=form,
        action=action,
        kept=kept,
        person=person,
        has_password=person.password_hash is not None,
        has_code=bool(g.has_second_factor),
        has_provider=bool(issuer) and identity_linked(db.session, person) is not None,
        place=place,
        layout=layout_of(person),
    )
