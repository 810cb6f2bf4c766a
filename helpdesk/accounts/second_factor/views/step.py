"""The second step of signing in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.accounts import sessions
from helpdesk.accounts.access import half_way, signed_in_user_or_none
from helpdesk.accounts.landing import landing_path
from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.forms import StepForm
from helpdesk.accounts.second_factor.queries import unused_codes
from helpdesk.accounts.second_factor.rules import looks_like_recovery
from helpdesk.accounts.second_factor.services import check_second_step
from helpdesk.accounts.second_factor.views.blueprint import bp, seal
from helpdesk.accounts.services import note_sign_in
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import public
from helpdesk.web.safe_redirects import safe_path


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def step() -> ResponseReturnValue:
    """Take the code, and let in who gave the password a short while ago."""
    inside, person = signed_in_user_or_none(), half_way()
    form = StepForm(next=request.args.get("next", ""))
    if inside is not None:
        return redirect(safe_path(form.next.data, default=landing_path(inside)))
    if person is None:
        flash(_("Please enter your password first."), "info")
        return redirect(url_for("accounts.sign_in", next=safe_path(form.next.data, default="") or None))
    if not form.validate_on_submit() or not _is_right(person, form):
        return render_template("accounts/second_factor/step.html", form=form)
    sessions.begin(person, is_two_step=True)
    _warn_of_few_codes(person, str(form.code.data))
    return redirect(safe_path(form.next.data, default=landing_path(person)))


def _is_right(person: User, form: StepForm) -> bool:
    """Look at the code; a wrong one is counted and told in the form."""
    now = utc_now()
    try:
        check_second_step(
            db.session, person, code=str(form.code.data), seal=seal(), address=request.remote_addr, now=now
        )
    except DomainError as refusal:
        form.code.errors = [*form.code.errors, sentence_of(refusal)]
        right = False
    else:
        note_sign_in(db.session, person, now=now)
        right = True
    db.session.commit()
    return right


def _warn_of_few_codes(person: User, code: str) -> None:
    if not looks_like_recovery(code):
        return
    left = unused_codes(db.session, person)
    flash(
        ngettext(
            "You used a recovery code; %(num)d is left. If the phone is lost, set up another app.",
            "You used a recovery code; %(num)d are left. If the phone is lost, set up another app.",
            left,
        ),
        "warning",
    )
