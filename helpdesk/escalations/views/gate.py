"""Through the gate: escalate a ticket, change the case, approve it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.models import User
from helpdesk.clock import utc_now
from helpdesk.escalations.forms import GateForm, SendBackForm
from helpdesk.escalations.forms.gate import defaults_of
from helpdesk.escalations.labels import PART_REASONS, PARTS
from helpdesk.escalations.models import Escalation, EscalationState, Severity
from helpdesk.escalations.queries import open_case_of
from helpdesk.escalations.queries.gate import GateChoices, gate_choices
from helpdesk.escalations.rules import check_ticket
from helpdesk.escalations.score import score_of
from helpdesk.escalations.services import approve, open_case, revise, send_back
from helpdesk.escalations.views.case import page_of
from helpdesk.escalations.views.shared import address_of, bp, changing, done, policy
from helpdesk.extensions import db
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_ticket
from helpdesk.web.formatting import money
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import current_locale


@bp.route("/tickets/<ticket:number>/escalate", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def new(number: int) -> ResponseReturnValue:
    """Ask why we cannot resolve it, and prepare the packet; an open case is shown instead."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=request.method == "POST"))
    known = open_case_of(db.session, ticket.id)
    if known is not None:
        flash(_("This ticket already has an open case with 21Vianet."), "info")
        return redirect(address_of(known))
    check_ticket(state=ticket.state, triaged_at=ticket.triaged_at)
    choices = gate_choices(db.session, ticket, locale=current_locale())
    form = GateForm(choices, data=_first_answers(ticket, choices, signed_in_user()))
    if _is_check() or not done(form, lambda: _open(ticket, form)):
        return _gate_page(form, ticket)
    flash(_("The packet is ready. Nothing has been sent: it is filed in Partner Center by hand."), "success")
    return redirect(address_of(found(open_case_of(db.session, ticket.id))))


def _open(ticket: Ticket, form: GateForm) -> None:
    open_case(db.session, ticket, answers=form.answers(), by=signed_in_user(), policy=policy(), now=utc_now())


def _is_check() -> bool:
    return request.method == "POST" and "check" in request.form


def _first_answers(ticket: Ticket, choices: GateChoices, agent: User) -> dict[str, object]:
    own = {line.id for line in ticket.lines} | ({ticket.dispute.line_id} if ticket.dispute else set())
    return {
        "lines": [line.public_id for line in choices.lines if line.id in own],
        "subscription": ticket.subscription.public_id if ticket.subscription else "",
        "notes": [note.public_id for note in choices.notes[-1:]],
        "severity": Severity.MODERATE.value,
        "contact_name": agent.name,
        "contact_detail": agent.email,
    }


def _gate_page(form: GateForm, ticket: Ticket, case: Escalation | None = None) -> str:
    score = score_of(form.answers()) if form.is_submitted() or case else None
    return render_template(
        "escalations/gate.html",
        form=form,
        ticket=ticket,
        case=case,
        score=score,
        parts=PARTS,
        part_reasons=PART_REASONS,
        approval_words=money(Money.of(policy().approval_above, ticket.customer.currency)),
    )


@bp.route("/escalations/<public_id>/revise", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_WORK)
def change(public_id: str) -> ResponseReturnValue:
    """Change what the case says; the packets so far stay as they were."""
    case = changing(public_id)
    choices = gate_choices(db.session, case.ticket, locale=current_locale())
    form = GateForm(choices, data=defaults_of(case))
    if _is_check() or not done(form, lambda: _revise(case, form)):
        return _gate_page(form, case.ticket, case)
    flash(_("Packet %(revision)d is ready. The earlier ones are kept.", revision=len(case.packets)), "success")
    return redirect(address_of(case))


def _revise(case: Escalation, form: GateForm) -> None:
    revise(db.session, case, answers=form.answers(), by=signed_in_user(), policy=policy(), now=utc_now())


@bp.post("/escalations/<public_id>/approve")
@requires(Permission.ESCALATIONS_APPROVE)
def allow(public_id: str) -> ResponseReturnValue:
    """Let a case go to 21Vianet; twice is once."""
    case = changing(public_id)
    if case.state is EscalationState.AWAITING_APPROVAL:
        approve(db.session, case, by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("Approved. %(name)s has been told.", name=case.created_by.name), "success")
    return redirect(address_of(case))


@bp.route("/escalations/<public_id>/send-back", methods=["GET", "POST"])
@requires(Permission.ESCALATIONS_APPROVE)
def return_to_agent(public_id: str) -> ResponseReturnValue:
    """Ask the agent to mend a case first."""
    case = changing(public_id)
    form = SendBackForm(prefix="back")
    if not done(form, lambda: _send_back(case, form)):
        return page_of(public_id, send_back=form)
    flash(_("Sent back. %(name)s has been told what to mend.", name=case.created_by.name), "success")
    return redirect(address_of(case))


def _send_back(case: Escalation, form: SendBackForm) -> None:
    send_back(db.session, case, note=form.note.data or "", by=signed_in_user(), now=utc_now())
