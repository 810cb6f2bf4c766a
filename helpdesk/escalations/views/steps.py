"""The steps of a case after its packet: filed, talked about, answered, asked again, taken back, closed."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.escalations.forms import AnswerForm, AskAgainForm, ContactForm, FilingForm, WithdrawForm
from helpdesk.escalations.models import Channel, ContactEffect, Direction, Escalation, EscalationState, Outcome
from helpdesk.escalations.services import (
    Said,
    ask_again,
    close_case,
    log_contact,
    record_answer,
    record_filing,
    withdraw,
)
from helpdesk.escalations.views.case import page_of
from helpdesk.escalations.views.shared import address_of, bp, calendars, changing, done, store
from helpdesk.extensions import db
from helpdesk.files.uploads import checked_uploads
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires


@bp.route("/escalations/<public_id>/filed", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def filed(public_id: str) -> ResponseReturnValue:
    """Write down the request number; twice is once."""
    case = changing(public_id)
    form = FilingForm(prefix="filing")
    if not done(form, lambda: _file(case, form)):
        return page_of(public_id, filing=form)
    flash(_("Recorded. The customer now sees that the question is with 21Vianet."), "success")
    return redirect(address_of(case))


def _file(case: Escalation, form: FilingForm) -> None:
    record_filing(
        db.session,
        case,
        request_number=form.request_number.data or "",
        filed_at=form.filed_at.moment,
        representative=form.representative.data or "",
        by=signed_in_user(),
        now=utc_now(),
        calendar=calendars().vnet,
    )


@bp.route("/escalations/<public_id>/contacts", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def contact(public_id: str) -> ResponseReturnValue:
    """Add to the private thread with 21Vianet."""
    case = changing(public_id)
    form = ContactForm(prefix="contact")
    if not done(form, lambda: _log(case, form)):
        return page_of(public_id, contact=form)
    flash(_("Written into the contact log. The customer does not see it."), "success")
    return redirect(address_of(case))


def _log(case: Escalation, form: ContactForm) -> None:
    now = utc_now()
    said = Said(
        at=form.at.moment or now,
        channel=Channel(form.channel.data),
        direction=Direction(form.direction.data),
        who=form.who.data or "",
        text=form.text.data or "",
    )
    log_contact(
        db.session,
        case,
        said,
        effect=ContactEffect(form.effect.data),
        next_check_at=form.next_check_at.moment,
        files=checked_uploads(form.files.data or []),
        store=store(),
        by=signed_in_user(),
        now=now,
        calendars=calendars(),
    )


@bp.route("/escalations/<public_id>/answer", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def answered(public_id: str) -> ResponseReturnValue:
    """Write down 21Vianet's answer; the ticket is ours again."""
    case = changing(public_id)
    form = AnswerForm(prefix="answer")
    if not done(form, lambda: _answer(case, form)):
        return page_of(public_id, answer=form)
    flash(_("Recorded. Now tell the customer: the ticket cannot be resolved before."), "success")
    return redirect(address_of(case))


def _answer(case: Escalation, form: AnswerForm) -> None:
    now = utc_now()
    said = Said(
        at=now,
        channel=Channel(form.channel.data),
        direction=Direction.FROM_21VIANET,
        who=form.who.data or "",
        text=form.answer.data or "",
    )
    outcome = Outcome(form.outcome.data)
    credit = form.credit.money(case.ticket.customer.currency) if outcome is Outcome.GRANTED else None
    ours, by = calendars().partner, signed_in_user()
    record_answer(db.session, case, said, outcome=outcome, credit=credit, by=by, now=now, calendar=ours)


@bp.route("/escalations/<public_id>/ask-again", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def asked_again(public_id: str) -> ResponseReturnValue:
    """Take an answer that does not settle it back to 21Vianet."""
    case = changing(public_id)
    form = AskAgainForm(prefix="again")
    if not done(form, lambda: _ask_again(case, form)):
        return page_of(public_id, again=form)
    flash(_("The case is with 21Vianet again, under the same request number."), "success")
    return redirect(address_of(case))


def _ask_again(case: Escalation, form: AskAgainForm) -> None:
    now = utc_now()
    said = Said(now, Channel(form.channel.data), Direction.FROM_US, form.text.data or "")
    ask_again(db.session, case, said, by=signed_in_user(), now=now, calendar=calendars().vnet)


@bp.route("/escalations/<public_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def withdrawn(public_id: str) -> ResponseReturnValue:
    """Take a case back."""
    case = changing(public_id)
    form = WithdrawForm(prefix="withdrawal")
    if not done(form, lambda: _withdraw(case, form)):
        return page_of(public_id, withdrawal=form)
    flash(_("Taken back. The ticket is ours alone again."), "success")
    return redirect(address_of(case))


def _withdraw(case: Escalation, form: WithdrawForm) -> None:
    ours, by = calendars().partner, signed_in_user()
    withdraw(db.session, case, why=form.why.data or "", by=by, now=utc_now(), calendar=ours)


@bp.post("/escalations/<public_id>/close")
@requires(Permission.ESCALATIONS_WORK)
def closed(public_id: str) -> ResponseReturnValue:
    """Put an answered case away; twice is once."""
    case = changing(public_id)
    if case.state is not EscalationState.CLOSED:
        close_case(db.session, case, by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("The case is closed."), "success")
    return redirect(address_of(case))
