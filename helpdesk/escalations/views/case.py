"""A case's page: its packet, its record, its thread, and the next step."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.watching import note_seen
from helpdesk.clock import utc_now
from helpdesk.escalations import labels
from helpdesk.escalations.forms import (
    AnswerForm,
    AskAgainForm,
    ContactForm,
    FilingForm,
    SendBackForm,
    WithdrawForm,
)
from helpdesk.escalations.forms.fields import on_the_clock
from helpdesk.escalations.models import AT_21VIANET, Escalation, EscalationState
from helpdesk.escalations.packets import grouped
from helpdesk.escalations.queries import visible_case
from helpdesk.escalations.queries.history import time_split_of
from helpdesk.escalations.rules import EFFECTS, TRANSITIONS, GateAnswers, next_check
from helpdesk.escalations.score import score_of
from helpdesk.escalations.views.shared import bp, calendars
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


@bp.get("/escalations/<public_id>")
@requires(Permission.ESCALATIONS_WORK)
def show(public_id: str) -> ResponseReturnValue:
    """Show a case and what comes next."""
    return page_of(public_id)


def page_of(public_id: str, **typed: FlaskForm) -> str:
    """Show a case; `typed` are forms that were refused, by name, with what was typed in them."""
    case = found(visible_case(db.session, signed_in_user(), public_id))
    note_seen(case.ticket.customer)
    now = utc_now()
    forms = _forms(case, now) | typed
    forms["contact"].effect.choices = [(each.value, labels.EFFECTS[each]) for each in EFFECTS.get(case.state, ())]
    return render_template(
        "escalations/case.html",
        case=case,
        ticket=case.ticket,
        fields=grouped(case.packet.fields),
        score=score_of(GateAnswers.of(case)),
        may_approve=_may_approve(case),
        was_told=_was_told(case),
        split=time_split_of(db.session, case.ticket, now=now),
        now=now,
        refused=[name for name, form in typed.items() if form.errors],
        refusals=[words for name, form in typed.items() if name not in _shown(case) for words in form.form_errors],
        at_21vianet=case.state in AT_21VIANET,
        states=EscalationState,
        labels=labels,
        **forms,
    )


def _forms(case: Escalation, now: datetime) -> dict[str, FlaskForm]:
    """Make the forms of the page, each unsent."""
    moment = on_the_clock(now)
    following = on_the_clock(next_check(now, calendars().vnet))
    return {
        "filing": FilingForm(None, prefix="filing", data={"filed_at": moment}),
        "contact": ContactForm(None, prefix="contact", data={"at": moment, "next_check_at": following}),
        "answer": AnswerForm(None, prefix="answer", data={"who": case.representative}),
        "again": AskAgainForm(None, prefix="again"),
        "withdrawal": WithdrawForm(None, prefix="withdrawal"),
        "send_back": SendBackForm(None, prefix="back"),
    }


def _shown(case: Escalation) -> set[str]:
    """Name the forms that the page of the case shows; the refusal of another one is said at the top."""
    shown = {
        "filing": case.state is EscalationState.PREPARED,
        "contact": case.filed_at is not None,
        "answer": case.state in AT_21VIANET,
        "again": case.state is EscalationState.ANSWERED and not _was_told(case),
        "withdrawal": EscalationState.WITHDRAWN in TRANSITIONS[case.state],
        "send_back": _may_approve(case),
    }
    return {name for name, is_shown in shown.items() if is_shown}


def _may_approve(case: Escalation) -> bool:
    reader = signed_in_user()
    waits = case.state is EscalationState.AWAITING_APPROVAL
    return waits and reader.may(Permission.ESCALATIONS_APPROVE) and reader.id != case.created_by_id


def _was_told(case: Escalation) -> bool:
    told = case.ticket.explained_at
    return told is not None and case.answered_at is not None and told >= case.answered_at
