"""Inviting people: to one's organisation, to a customer, to the partner."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.invitations.forms import InviteForm
from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.invitations.queries import managed_invitation
from helpdesk.accounts.invitations.services import invite, invite_again, withdraw
from helpdesk.accounts.invitations.views.blueprint import bp
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.models import Customer
from helpdesk.accounts.people.labels import role_choices
from helpdesk.accounts.people.queries import managed_customer
from helpdesk.accounts.people.views.blueprint import list_path
from helpdesk.accounts.rules import EmailMalformed
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.limits import INVITATION_LASTS
from helpdesk.permissions import Permission, Role
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import found, requires

_ANY = (Permission.ORGANISATION_PEOPLE, Permission.CUSTOMER_PEOPLE, Permission.ADMINISTER)


@bp.route("/organisation/people/invite", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_PEOPLE)
def to_organisation() -> ResponseReturnValue:
    """Invite a colleague."""
    return _invite_to(found(signed_in_user().customer))


@bp.route("/work/customers/<public_id>/people/invite", methods=["GET", "POST"])
@requires(Permission.CUSTOMER_PEOPLE)
def to_customer(public_id: str) -> ResponseReturnValue:
    """Invite somebody of a customer."""
    return _invite_to(found(managed_customer(db.session, signed_in_user(), public_id)))


@bp.route("/work/administration/people/invite", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
@fresh
def to_staff() -> ResponseReturnValue:
    """Invite somebody to work for the partner."""
    return _invite_to(None)


def _invite_to(customer: Customer | None) -> ResponseReturnValue:
    actor = signed_in_user()
    form = _form(customer)
    if not form.validate_on_submit() or not _invited(form, customer):
        return render_template(
            "accounts/invitations/invite.html",
            layout=layout_of(actor),
            form=form,
            customer=customer,
            days=INVITATION_LASTS.days,
            action=request.path,
            list_url=list_path(actor, customer),
        )
    flash(_("The invitation to %(email)s is on its way.", email=form.email.data), "success")
    return redirect(list_path(actor, customer))


def _form(customer: Customer | None) -> InviteForm:
    form = InviteForm(data={"locale": customer.locale if customer else signed_in_user().locale})
    form.role.choices = role_choices(signed_in_user(), customer_id=customer.id if customer else None)
    return form


def _invited(form: InviteForm, customer: Customer | None) -> bool:
    """Invite, or say in the form why not."""
    try:
        invite(
            db.session,
            email=str(form.email.data),
            role=Role(form.role.data),
            customer=customer,
            locale=form.locale.data,
            by=signed_in_user(),
            secret=settings().secret(),
            now=utc_now(),
        )
    except DomainError as refusal:
        if isinstance(refusal, EmailMalformed):
            form.email.errors = [*form.email.errors, sentence_of(refusal)]
        else:
            form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True


def _invitation(public_id: str) -> Invitation:
    return found(managed_invitation(db.session, signed_in_user(), public_id))


@bp.post("/invitations/<public_id>/resend")
@requires(*_ANY)
def resend(public_id: str) -> ResponseReturnValue:
    """Send a new link."""
    invitation, actor = _invitation(public_id), signed_in_user()
    try:
        invite_again(db.session, invitation, by=actor, secret=settings().secret(), now=utc_now())
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
    else:
        db.session.commit()
        flash(_("The invitation to %(email)s is on its way.", email=invitation.email), "success")
    return redirect(list_path(actor, invitation.customer))


@bp.post("/invitations/<public_id>/withdraw")
@requires(*_ANY)
def take_back(public_id: str) -> ResponseReturnValue:
    """Make the link open nothing any more."""
    invitation, actor = _invitation(public_id), signed_in_user()
    withdraw(db.session, invitation, by=actor, now=utc_now())
    db.session.commit()
    flash(_("The invitation to %(email)s was withdrawn.", email=invitation.email), "success")
    return redirect(list_path(actor, invitation.customer))
