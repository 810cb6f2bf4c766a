"""Another e-mail address: asking, confirming, letting it be."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.addresses.forms import AddressForm
from helpdesk.accounts.addresses.queries import open_change, waiting_change
from helpdesk.accounts.addresses.services import ask_for_change, confirm_change, withdraw_change
from helpdesk.accounts.layout import layout_of
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires

bp = Blueprint("addresses", __name__)


@bp.route("/account/email", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@fresh
def change() -> ResponseReturnValue:
    """Ask for another address; until it is confirmed the old one holds."""
    person = signed_in_user()
    form = AddressForm()
    if form.validate_on_submit() and _asked(form):
        flash(_("We wrote to %(email)s. Open the link in that mail to confirm.", email=form.email.data), "success")
        return redirect(url_for("accounts.account"))
    return render_template(
        "accounts/addresses/change.html",
        layout=layout_of(person),
        person=person,
        form=form,
        waiting=waiting_change(db.session, person, now=utc_now()),
    )


def _asked(form: AddressForm) -> bool:
    try:
        ask_for_change(
            db.session, signed_in_user(), email=str(form.email.data), secret=settings().secret(), now=utc_now()
        )
    except DomainError as refusal:
        form.email.errors = [*form.email.errors, sentence_of(refusal)]
        return False
    db.session.commit()
    return True


@bp.post("/account/email/withdraw")
@requires(Permission.ACCOUNT_OWN)
def let_be() -> ResponseReturnValue:
    """Keep the old address."""
    withdraw_change(db.session, signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Your address stays as it is. The link that was mailed no longer works."), "success")
    return redirect(url_for("accounts.account"))


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the new address; only the button does it, and only for the person who asked."""
    person = signed_in_user()
    waiting = open_change(db.session, person, token, now=utc_now())
    if waiting is None:
        return render_template("accounts/link_over.html"), 404
    if request.method == "GET":
        return render_template(
            "accounts/addresses/confirm.html",
            layout=layout_of(person),
            person=person,
            waiting=waiting,
            action=request.path,
        )
    confirm_change(db.session, person, token=token, now=utc_now())
    db.session.commit()
    flash(_("Your e-mail address is %(email)s from now on.", email=person.email), "success")
    return redirect(url_for("accounts.account"))
