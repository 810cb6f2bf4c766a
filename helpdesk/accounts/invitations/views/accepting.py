"""Coming in by an invitation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.invitations.forms import AcceptForm
from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.invitations.queries import open_invitation
from helpdesk.accounts.invitations.services import accept
from helpdesk.accounts.invitations.views.blueprint import bp
from helpdesk.accounts.labels import zone_choices
from helpdesk.accounts.passwords import PasswordTooCommon, PasswordTooLong, PasswordTooShort
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter
from helpdesk.limits import PASSWORD_MIN
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import public
from helpdesk.web.locale import use_locale


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def answer(token: str) -> ResponseReturnValue:
    """Show what an invitation offers; only sending the form uses the link up, as mail scanners open links."""
    invitation = open_invitation(db.session, token, now=utc_now())
    if invitation is None:
        return render_template("accounts/link_over.html"), 404
    if session.get("locale") is None:
        use_locale(invitation.locale)
    form = _form(invitation)
    if not form.validate_on_submit() or not _accepted(form, token):
        return render_template(
            "accounts/invitations/accept.html",
            form=form,
            invitation=invitation,
            password_min=PASSWORD_MIN,
            action=request.path,
        )
    session["locale"] = form.locale.data
    use_locale(form.locale.data)
    flash(_("Your account is ready. Sign in with your new password."), "success")
    return redirect(url_for("accounts.sign_in"))


def _form(invitation: Invitation) -> AcceptForm:
    zone = invitation.customer.time_zone if invitation.customer else invitation.invited_by.time_zone
    form = AcceptForm(data={"locale": invitation.locale, "time_zone": zone})
    form.time_zone.choices = zone_choices(zone)
    return form


def _accepted(form: AcceptForm, token: str) -> bool:
    """Make the account, or say in the form why not."""
    try:
        accept(
            db.session,
            token=token,
            name=str(form.name.data),
            password=str(form.password.data),
            locale=form.locale.data,
            time_zone=form.time_zone.data,
            now=utc_now(),
        )
    except (PasswordTooShort, PasswordTooLong, PasswordTooCommon) as refusal:
        form.password.errors = [*form.password.errors, sentence_of(refusal)]
        return False
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True
