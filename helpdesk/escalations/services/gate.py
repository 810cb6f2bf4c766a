"""Through the gate: open a case with its first packet, change it, have it approved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import ReconciliationFile
from helpdesk.escalations.models import NOT_HANDED_OVER, ApprovalCause, Escalation, EscalationPacket, EscalationState
from helpdesk.escalations.packets import facts_of, fields_of
from helpdesk.escalations.queries.cases import open_case_of
from helpdesk.escalations.rules import (
    AlreadyEscalated,
    CasePolicy,
    GateAnswers,
    NotYoursToApprove,
    StepNotPossible,
    amount_at_stake,
    approval_cause,
    check_answers,
    check_ticket,
    is_new_agent,
)
from helpdesk.escalations.services.mails import ask_for_approval, tell_approved, tell_sent_back
from helpdesk.escalations.services.records import begin, move, note_deed
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules.words import tidy


def open_case(
    session: Session, ticket: Ticket, *, answers: GateAnswers, by: User, policy: CasePolicy, now: datetime
) -> Escalation:
    """Open the ticket's case and write its first packet; above the partner's limit a lead is asked first.

    Nothing is filed by this: the packet is taken to Partner Center by hand. Raises `AlreadyEscalated`,
    `NotTriaged`, `TicketNotBeingWorked`, `NothingShown`, `EvidenceOfAnotherTicket`.
    """
    if open_case_of(session, ticket.id) is not None:
        raise AlreadyEscalated
    check_ticket(state=ticket.state, triaged_at=ticket.triaged_at)
    check_answers(answers, ticket_id=ticket.id, customer_id=ticket.customer_id)
    escalation = Escalation(ticket=ticket, created_by=by, created_at=now)
    _take(escalation, answers)
    escalation.approval_cause = _cause(escalation, by=by, policy=policy, now=now)
    waits = escalation.approval_cause is not None
    escalation.state = EscalationState.AWAITING_APPROVAL if waits else EscalationState.PREPARED
    _save_only_one(session, escalation)
    begin(session, escalation, by=by, now=now)
    _keep_packet(session, escalation, answers, by=by, policy=policy, now=now)
    _ask_if_waiting(session, escalation, now=now)
    return escalation


def _save_only_one(session: Session, escalation: Escalation) -> None:
    """Save the case; the database refuses a second open one that was opened at the same moment."""
    try:
        with session.begin_nested():
            session.add(escalation)
    except IntegrityError as error:
        raise AlreadyEscalated from error


def _take(escalation: Escalation, answers: GateAnswers) -> None:
    amount = amount_at_stake(escalation.ticket, answers.lines)
    escalation.reason = answers.reason
    escalation.reason_text = tidy(answers.reason_text)
    escalation.facts = tidy(answers.facts)
    escalation.tried = tidy(answers.tried)
    escalation.tried_article = answers.tried_article
    escalation.severity = answers.severity
    escalation.subscription = answers.subscription
    escalation.lines = list(answers.lines)
    escalation.notes = list(answers.notes)
    escalation.attachments = list(answers.attachments)
    escalation.contact_name = tidy(answers.contact_name)
    escalation.contact_detail = tidy(answers.contact_detail)
    escalation.amount_minor = amount.minor if amount else None


def _cause(escalation: Escalation, *, by: User, policy: CasePolicy, now: datetime) -> ApprovalCause | None:
    above = Money.of(policy.approval_above, escalation.ticket.customer.currency)
    is_new = is_new_agent(by.created_at, now=now, policy=policy)
    return approval_cause(by.role, amount=escalation.amount, above=above, is_new=is_new)


def _ask_if_waiting(session: Session, escalation: Escalation, *, now: datetime) -> None:
    if escalation.state is EscalationState.AWAITING_APPROVAL:
        ask_for_approval(session, escalation, now=now)


def _keep_packet(
    session: Session, escalation: Escalation, answers: GateAnswers, *, by: User, policy: CasePolicy, now: datetime
) -> EscalationPacket:
    facts = facts_of(
        escalation.ticket,
        answers,
        amount=escalation.amount,
        partner_name=policy.partner_name,
        file_names=_file_names(session, answers),
    )
    packet = EscalationPacket(
        escalation=escalation,
        revision=len(escalation.packets) + 1,
        fields=fields_of(facts),
        files=[
            {"filename": each.filename, "content_type": each.content_type, "size": each.size, "sha256": each.sha256}
            for each in answers.attachments
        ],
        created_at=now,
        created_by=by,
    )
    session.add(packet)
    session.flush()
    return packet


def _file_names(session: Session, answers: GateAnswers) -> dict[int, str]:
    rows = [line.reconciliation_row for line in answers.lines if line.reconciliation_row is not None]
    files = [session.get_one(ReconciliationFile, file_id) for file_id in {row.file_id for row in rows}]
    return {file.id: file.name for file in files}


def revise(
    session: Session, escalation: Escalation, *, answers: GateAnswers, by: User, policy: CasePolicy, now: datetime
) -> EscalationPacket:
    """Change what the case says: a new packet, the earlier ones stay as they were.

    Possible until 21Vianet has answered. Before it is handed over, a larger amount needs a lead again. Raises
    `StepNotPossible`, `NothingShown`, `EvidenceOfAnotherTicket`.
    """
    if not escalation.is_open or escalation.state is EscalationState.ANSWERED:
        raise StepNotPossible
    check_answers(answers, ticket_id=escalation.ticket_id, customer_id=escalation.ticket.customer_id)
    approved = escalation.amount_minor or 0 if escalation.approved_at else None
    _take(escalation, answers)
    if escalation.state in NOT_HANDED_OVER:
        _weigh_again(session, escalation, approved=approved, by=by, policy=policy, now=now)
    packet = _keep_packet(session, escalation, answers, by=by, policy=policy, now=now)
    note_deed(session, escalation, "revised", by=by, now=now, after={"revision": packet.revision})
    _ask_if_waiting(session, escalation, now=now)
    return packet


def _weigh_again(
    session: Session, escalation: Escalation, *, approved: int | None, by: User, policy: CasePolicy, now: datetime
) -> None:
    """Ask a lead anew, unless one has approved at least this amount (`approved`, minor units; None: nobody did)."""
    escalation.approval_note = ""
    if approved is not None and (escalation.amount_minor or 0) <= approved:
        return
    escalation.approval_cause = _cause(escalation, by=by, policy=policy, now=now)
    waits = escalation.approval_cause is not None
    wanted = EscalationState.AWAITING_APPROVAL if waits else EscalationState.PREPARED
    if wanted is not escalation.state:
        move(session, escalation, wanted, by=by, now=now)
    if waits:
        escalation.approved_at, escalation.approved_by = None, None


def approve(session: Session, escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """Let the case go to 21Vianet. Raises `NotYoursToApprove`, `StepNotPossible`."""
    _check_lead(escalation, by)
    move(session, escalation, EscalationState.PREPARED, by=by, now=now)
    escalation.approved_by, escalation.approved_at, escalation.approval_note = by, now, ""
    session.flush()
    tell_approved(session, escalation, now=now)
    return escalation


def send_back(session: Session, escalation: Escalation, *, note: str, by: User, now: datetime) -> Escalation:
    """Ask the agent to mend the case before it goes to 21Vianet. Raises `NotYoursToApprove`, `StepNotPossible`."""
    _check_lead(escalation, by)
    if escalation.state is not EscalationState.AWAITING_APPROVAL:
        raise StepNotPossible
    escalation.approval_note = tidy(note)
    note_deed(session, escalation, "sent_back", by=by, now=now, after={"note": escalation.approval_note})
    session.flush()
    tell_sent_back(session, escalation, by=by, now=now)
    return escalation


def _check_lead(escalation: Escalation, by: User) -> None:
    if not by.may(Permission.ESCALATIONS_APPROVE) or by.id == escalation.created_by_id:
        raise NotYoursToApprove
