"""Setting up the app: a picture to scan, the secret to type, and a first code; and removing it again."""

from __future__ import annotations

import pyotp
import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts import sessions
from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.forms import NothingForm, SetUpForm
from helpdesk.accounts.second_factor.queries import has_second_factor
from helpdesk.accounts.second_factor.services import (
    begin_set_up,
    finish_set_up,
    pending_secret,
    remove_second_factor,
)
from helpdesk.accounts.second_factor.views.blueprint import bp, is_required, seal
from helpdesk.accounts.second_factor.views.codes import codes_page
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires


@bp.get("/account/second-step")
@requires(Permission.ACCOUNT_OWN)
def intro() -> ResponseReturnValue:
    """Say what the second step is, and begin."""
    person = signed_in_user()
    return render_template(
        "accounts/second_factor/intro.html",
        layout=layout_of(person),
        is_on=has_second_factor(db.session, person),
        required=is_required(person),
    )


@bp.post("/account/second-step/begin")
@requires(Permission.ACCOUNT_OWN)
@fresh
def begin() -> ResponseReturnValue:
    """Make a secret for a new app."""
    begin_set_up(db.session, signed_in_user(), seal=seal())
    db.session.commit()
    return redirect(url_for(".set_up"))


@bp.route("/account/second-step/set-up", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@fresh
def set_up() -> ResponseReturnValue:
    """Show the secret as a picture and as text; take the first code and give out recovery codes."""
    person, form = signed_in_user(), SetUpForm()
    secret = pending_secret(db.session, person, seal=seal())
    if secret is None:
        return redirect(url_for(".intro"))
    codes = _finished(person, form) if form.validate_on_submit() else None
    if codes is None:
        return _set_up_page(person, form, secret)
    sessions.begin(person, is_two_step=True)
    return codes_page(person, codes)


def _finished(person: User, form: SetUpForm) -> list[str] | None:
    """The recovery codes, or None with the refusal told in the form."""
    try:
        codes = finish_set_up(
            db.session,
            person,
            code=str(form.code.data),
            seal=seal(),
            address=request.remote_addr,
            now=utc_now(),
        )
    except DomainError as refusal:
        form.code.errors = [*form.code.errors, sentence_of(refusal)]
        codes = None
    db.session.commit()
    return codes


def _set_up_page(person: User, form: SetUpForm, secret: str) -> ResponseReturnValue:
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=settings().partner_name)
    return render_template(
        "accounts/second_factor/set_up.html",
        layout=layout_of(person),
        form=form,
        picture=segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="white"),
        address=address,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


@bp.route("/account/second-step/remove", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@fresh
def remove() -> ResponseReturnValue:
    """Say what removing means, and do it."""
    person, form = signed_in_user(), NothingForm()
    if not form.validate_on_submit():
        return render_template("accounts/second_factor/remove.html", layout=layout_of(person), form=form)
    remove_second_factor(db.session, person, required=is_required(person), now=utc_now(), by=person)
    sessions.begin(person)
    flash(_("The second step was removed. Other devices were signed out."), "success")
    return redirect(url_for("sessions.index"))
