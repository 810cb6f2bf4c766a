"""The question “is it still you?”, asked by `helpdesk.web.freshness`."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.sessions.browser import note, this_session
from helpdesk.accounts.sessions.forms import ConfirmForm
from helpdesk.accounts.sessions.services import confirm_by_password
from helpdesk.accounts.sessions.views.blueprint import bp
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires
from helpdesk.web.safe_redirects import safe_path

_OURS: Final = {"confirm_password", "confirm_user", "csrf_token"}


@bp.route("/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confirm() -> ResponseReturnValue:
    """Ask, and go on to where the person wanted to be."""
    place = safe_path(request.args.get("next"), default=url_for("sessions.index"))
    form = ConfirmForm()
    if form.validate_on_submit() and _is_proven(form):
        return redirect(place)
    return _page(form, action=url_for("sessions.confirm", next=place), kept=[])


def ask() -> ResponseReturnValue | None:
    """Ask before a page is shown, or before a form is used: its fields travel along and are sent with the answer."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("sessions.confirm", next=request.full_path.rstrip("?")))
    form = ConfirmForm()
    brought = "confirm_password" in request.form
    if brought and form.validate() and _is_proven(form):
        return None
    if not brought:
        form = ConfirmForm(formdata=None)
    kept = [(name, value) for name, values in request.form.lists() if name not in _OURS for value in values]
    return _page(form, action=request.full_path.rstrip("?"), kept=kept)


def _is_proven(form: ConfirmForm) -> bool:
    """Look at the answer; a wrong one is counted and told in the form."""
    row = this_session()
    try:
        confirm_by_password(
            db.session,
            row,
            signed_in_user(),
            password=str(form.confirm_password.data),
            address=request.remote_addr,
            now=utc_now(),
        )
    except DomainError as refusal:
        form.confirm_password.errors = [*form.confirm_password.errors, sentence_of(refusal)]
        proven = False
    else:
        note(row)
        proven = True
    db.session.commit()
    return proven


def _page(form: ConfirmForm, *, action: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    person = signed_in_user()
    return render_template(
        "accounts/confirm.html", form=form, action=action, kept=kept, person=person, layout=layout_of(person)
    )
