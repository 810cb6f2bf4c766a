"""The demonstration's cases with 21Vianet, each told through the services that the product itself uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.demo.reconciliation import OFFERS
from helpdesk.escalations.models import (
    Channel,
    ContactEffect,
    Direction,
    Escalation,
    EscalationReason,
    EscalationState,
    Outcome,
    Severity,
)
from helpdesk.escalations.rules import CasePolicy, GateAnswers
from helpdesk.escalations.services import (
    Calendars,
    Said,
    close_case,
    log_contact,
    open_case,
    record_answer,
    record_filing,
    revise,
    withdraw,
)
from helpdesk.money import Money
from helpdesk.tickets.models import MessageKind, Ticket
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar

_POLICY: Final = CasePolicy(partner_name="Lanhe Cloud", approval_above=50_000, new_agent_days=14)


@dataclass(frozen=True, slots=True)
class Contact:
    """Something said, so many days after the case was filed."""

    after: float
    text: str
    channel: Channel = Channel.CALL
    direction: Direction = Direction.FROM_21VIANET
    who: str = "Support representative"
    effect: ContactEffect = ContactEffect.NONE


@dataclass(frozen=True, slots=True)
class Case:
    """What an agent told 21Vianet, and what came of it."""

    reason: EscalationReason
    reason_text: str
    facts: str
    tried: str
    severity: Severity = Severity.MODERATE
    offer: str = ""
    """Key of the offer whose subscription it is about."""
    charge: str = ""
    """Charge type of the line that proves it, on that subscription's newest invoice of the time."""
    facts_before: str = ""
    """What the first packet said; empty where there was only one."""
    number: str = ""
    """21Vianet's request number; empty while nothing was filed."""
    contacts: tuple[Contact, ...] = ()
    outcome: Outcome | None = None
    answered_after: float = 0
    """Days after the case was filed."""
    answer: str = ""
    credit: str = ""


def hand_over(session: Session, ticket: Ticket, told: Case, *, by: User, now: datetime) -> datetime:
    """Take the ticket through the gate, and the case as far as it went; give the moment when it got there."""
    case = _through_the_gate(session, ticket, told, by=by, now=now)
    if not told.number:
        return now
    calendars = Calendars(vnet=vnet_calendar(), partner=partner_calendar("Asia/Shanghai"))
    filed = now + timedelta(minutes=35)
    record_filing(session, case, request_number=told.number, by=by, now=filed, calendar=calendars.vnet)
    for contact in told.contacts:
        at = filed + timedelta(days=contact.after)
        said = Said(at, contact.channel, contact.direction, contact.text, who=contact.who)
        log_contact(session, case, said, by=by, now=at, calendars=calendars, effect=contact.effect)
    ended = filed + timedelta(days=told.answered_after)
    _end(session, case, told, by=by, now=ended, calendars=calendars)
    return ended


def _through_the_gate(session: Session, ticket: Ticket, told: Case, *, by: User, now: datetime) -> Escalation:
    answers = _answers(session, ticket, told, by=by, now=now)
    first = replace(answers, facts=told.facts_before or told.facts)
    case = open_case(session, ticket, answers=first, by=by, policy=_POLICY, now=now)
    if told.facts_before:
        revise(session, case, answers=answers, by=by, policy=_POLICY, now=now + timedelta(minutes=12))
    return case


def _answers(session: Session, ticket: Ticket, told: Case, *, by: User, now: datetime) -> GateAnswers:
    subscription = _subscription(session, ticket, told.offer) if told.offer else None
    line = _line(session, subscription, told.charge, now=now) if subscription and told.charge else None
    lines = tuple(each for each in (line, ticket.dispute.line if ticket.dispute else None) if each)
    return GateAnswers(
        reason=told.reason,
        reason_text=told.reason_text,
        facts=told.facts,
        tried=told.tried,
        severity=told.severity,
        contact_name=by.name,
        contact_detail=by.email,
        notes=tuple(message for message in ticket.messages if message.kind is MessageKind.INTERNAL)[:1],
        lines=lines,
        subscription=subscription or (lines[0].subscription if lines else None),
        attachments=tuple(file for message in ticket.messages for file in message.attachments),
    )


def _subscription(session: Session, ticket: Ticket, offer: str) -> Subscription:
    statement = select(Subscription).where(
        Subscription.customer_id == ticket.customer_id, Subscription.offer_id == OFFERS[offer].offer_id
    )
    return session.scalars(statement).one()


def _line(session: Session, subscription: Subscription, charge_type: str, *, now: datetime) -> InvoiceLine:
    statement = (
        select(InvoiceLine)
        .join(Invoice)
        .where(
            InvoiceLine.subscription_id == subscription.id,
            InvoiceLine.charge_type == charge_type,
            Invoice.issued_on <= now.date(),
        )
        .order_by(Invoice.issued_on.desc(), InvoiceLine.id)
        .limit(1)
    )
    return session.scalars(statement).one()


def _end(session: Session, case: Escalation, told: Case, *, by: User, now: datetime, calendars: Calendars) -> None:
    if told.outcome is None:
        return
    if told.outcome is Outcome.WITHDRAWN:
        withdraw(session, case, why=told.answer, by=by, now=now, calendar=calendars.partner)
        return
    credit = Money.parse(told.credit, case.ticket.customer.currency) if told.credit else None
    said = Said(now, Channel.CALL, Direction.FROM_21VIANET, told.answer, who="Support representative")
    record_answer(session, case, said, outcome=told.outcome, by=by, now=now, credit=credit, calendar=calendars.partner)


def put_away(session: Session, ticket: Ticket, *, by: User, now: datetime) -> None:
    """Close the ticket's case where 21Vianet's answer has reached the customer."""
    answered = Escalation.state == EscalationState.ANSWERED
    for case in session.scalars(select(Escalation).where(Escalation.ticket_id == ticket.id, answered)):
        close_case(session, case, by=by, now=now)
