"""A forgotten password."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.links import LinkOver
from helpdesk.accounts.recovery.forms import ChooseForm, ForgottenForm
from helpdesk.accounts.recovery.queries import open_reset
from helpdesk.accounts.recovery.rules import TooManyResets
from helpdesk.accounts.recovery.services import ask_for_reset, reset_password
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.limits import PASSWORD_MIN, RESET_LASTS
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import public

bp = Blueprint("recovery", __name__)


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser or proxy keep a page whose address opens an account."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("10/minute", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not there is such an account."""
    form = ForgottenForm()
    sent = form.validate_on_submit() and _asked(form)
    minutes = int(RESET_LASTS.total_seconds() // 60)
    return render_template("accounts/recovery/forgotten.html", form=form, sent=sent, minutes=minutes)


def _asked(form: ForgottenForm) -> bool:
    try:
        ask_for_reset(
            db.session,
            email=str(form.email.data),
            address=request.remote_addr,
            secret=settings().secret(),
            now=utc_now(),
        )
    except TooManyResets as refusal:
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def choose(token: str) -> ResponseReturnValue:
    """Choose a new password; only sending the form uses the link up, as mail scanners open links."""
    reset = open_reset(db.session, token, now=utc_now())
    if reset is None or reset.person is None:
        return render_template("accounts/link_over.html"), 404
    form = ChooseForm()
    if not form.validate_on_submit() or not _chosen(form, token):
        return render_template(
            "accounts/recovery/choose.html",
            form=form,
            email=reset.person.email,
            password_min=PASSWORD_MIN,
            action=request.path,
        )
    flash(_("Your password was changed. Every device was signed out; sign in with the new one."), "success")
    return redirect(url_for("accounts.sign_in"))


def _chosen(form: ChooseForm, token: str) -> bool:
    try:
        reset_password(db.session, token=token, password=str(form.password.data), now=utc_now())
    except LinkOver as refusal:
        form.form_errors.append(sentence_of(refusal))
        return False
    except DomainError as refusal:
        form.password.errors = [*form.password.errors, sentence_of(refusal)]
        return False
    db.session.commit()
    return True
