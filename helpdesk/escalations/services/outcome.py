"""How a case ends: answered, asked again, withdrawn, closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.escalations.models import AT_21VIANET, CreditWatch, Escalation, EscalationState, Outcome
from helpdesk.escalations.rules import StepNotPossible, check_credit, check_told, next_check
from helpdesk.escalations.services.contacts import Said, entry_of
from helpdesk.escalations.services.records import move
from helpdesk.limits import MESSAGE_MAX
from helpdesk.money import Money
from helpdesk.tickets.models import TicketState
from helpdesk.tickets.rules.promise import after_a_pause
from helpdesk.tickets.rules.words import written
from helpdesk.tickets.services import answered_by_21vianet, hand_to_21vianet
from helpdesk.tickets.services.records import move as move_ticket
from helpdesk.workcalendar.rules import WorkCalendar


def record_answer(
    session: Session,
    escalation: Escalation,
    said: Said,
    *,
    outcome: Outcome,
    by: User,
    now: datetime,
    credit: Money | None = None,
    calendar: WorkCalendar | None = None,
) -> Escalation:
    """Write down 21Vianet's answer. The ticket is ours again, and the loop is open: the customer must be told.

    Our promise has as much of `calendar`'s working time left as before.

    A granted `credit` is watched for in later reconciliation files. Raises `CreditMissing`, `StepNotPossible`,
    `NothingWritten`.
    """
    if outcome is Outcome.WITHDRAWN:
        raise StepNotPossible
    check_credit(outcome, credit)
    entry = entry_of(escalation, said)
    entry.author = by
    session.add(entry)
    move(session, escalation, EscalationState.ANSWERED, by=by, now=now, outcome=outcome.value)
    escalation.outcome, escalation.answer, escalation.answered_at = outcome, entry.text, now
    escalation.representative = entry.who or escalation.representative
    escalation.next_check_at = escalation.information_due_at = None
    if outcome is Outcome.GRANTED and credit is not None:
        escalation.credit_minor, escalation.credit_watch = credit.minor, CreditWatch.EXPECTED
    session.flush()
    answered_by_21vianet(session, escalation.ticket, by=by, now=now, calendar=calendar)
    return escalation


def ask_again(
    session: Session, escalation: Escalation, said: Said, *, by: User, now: datetime, calendar: WorkCalendar
) -> Escalation:
    """The answer does not settle it: the case goes back to 21Vianet under the same request number.

    The earlier answer stays in the contact log. Raises `StepNotPossible`, `NothingWritten`, and the ticket's
    `TransitionRefused` when it was resolved meanwhile.
    """
    if escalation.state is not EscalationState.ANSWERED:
        raise StepNotPossible
    entry = entry_of(escalation, said)
    entry.author = by
    session.add(entry)
    move(session, escalation, EscalationState.FILED, by=by, now=now)
    escalation.outcome = escalation.credit_minor = escalation.credit_watch = escalation.credit_row_id = None
    escalation.answered_at, escalation.answer = None, ""
    escalation.next_check_at = next_check(now, calendar)
    session.flush()
    hand_to_21vianet(session, escalation.ticket, by=by, now=now)
    return escalation


def withdraw(
    session: Session,
    escalation: Escalation,
    *,
    why: str,
    by: User,
    now: datetime,
    calendar: WorkCalendar | None = None,
) -> Escalation:
    """Take the case back before 21Vianet answered; a ticket that was there is ours again. Raises `StepNotPossible`."""
    was_there = escalation.state in AT_21VIANET
    words = written(why, limit=MESSAGE_MAX)
    move(session, escalation, EscalationState.WITHDRAWN, by=by, now=now, note=words)
    escalation.outcome, escalation.answer, escalation.closed_at = Outcome.WITHDRAWN, words, now
    escalation.next_check_at = escalation.information_due_at = None
    session.flush()
    if was_there:
        _take_back(session, escalation, by=by, now=now, calendar=calendar)
    return escalation


def _take_back(
    session: Session, escalation: Escalation, *, by: User, now: datetime, calendar: WorkCalendar | None
) -> None:
    """Make the ticket ours again without saying that 21Vianet answered: it did not."""
    ticket = escalation.ticket
    move_ticket(session, ticket, TicketState.OPEN, by=by, now=now)
    ticket.loop_opened_at = now
    paused_at = escalation.filed_at or now
    ticket.answer_due_at = after_a_pause(ticket.answer_due_at, paused_at=paused_at, now=now, calendar=calendar)
    session.flush()


def close_case(session: Session, escalation: Escalation, *, by: User | None, now: datetime) -> Escalation:
    """Put an answered case away, once the customer was told. Raises `CustomerNotTold`, `StepNotPossible`."""
    if escalation.state is not EscalationState.ANSWERED:
        raise StepNotPossible
    check_told(explained_at=escalation.ticket.explained_at, answered_at=escalation.answered_at)
    move(session, escalation, EscalationState.CLOSED, by=by, now=now)
    escalation.closed_at = now
    session.flush()
    return escalation
