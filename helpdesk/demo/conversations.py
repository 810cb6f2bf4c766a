"""Tickets of the demonstration, each told step by step through the ticket services."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import DisputeState, Invoice, InvoiceLine
from helpdesk.demo.escalation import hand_over
from helpdesk.demo.people import guid
from helpdesk.demo.stories import STORIES, Story
from helpdesk.tickets.models import Ticket, TicketState
from helpdesk.tickets.services import DisputeDecision, add_note, confirm, open_ticket, reply, resolve_ticket, triage
from helpdesk.workcalendar.services import partner_calendar

_TOLD = {TicketState.RESOLVED, TicketState.CLOSED}


def load_conversations(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Open every story's ticket, oldest first, and bring it to its state."""
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        _tell(session, story, people, begun=now - timedelta(days=story.days_ago, hours=3 if story.days_ago else 1))


def _tell(session: Session, story: Story, people: dict[str, User], *, begun: datetime) -> None:
    asker = people[f"{story.person}@{story.organisation}.example"]
    agent = people[f"{story.owner}@partner.example"]
    calendar = partner_calendar("Asia/Shanghai")
    ticket = open_ticket(
        session,
        by=asker,
        topic=story.topic,
        subject=story.subject,
        body=story.body,
        now=begun,
        calendar=calendar,
        idempotency_key=guid(story.subject),
        line=_line(session, asker, story.line),
    )
    if story.state is TicketState.NEW:
        return
    at = begun + timedelta(minutes=50)
    triage(session, ticket, topic=story.topic, priority=story.priority, owner=agent, by=agent, now=at)
    if story.note:
        add_note(session, ticket, body=story.note, by=agent, now=at + timedelta(minutes=9))
    if story.reply:
        reply(session, ticket, body=story.reply, by=agent, now=at + timedelta(minutes=20), calendar=calendar)
    if story.answer:
        reply(session, ticket, body=story.answer, by=asker, now=at + timedelta(hours=1), calendar=calendar)
    if story.state is TicketState.WITH_21VIANET:
        hand_over(session, ticket, by=agent, now=at + timedelta(hours=1))
    if story.state in _TOLD:
        _resolve(session, ticket, story, agent, asker, at=at + timedelta(hours=2))


def _line(session: Session, asker: User, charge_type: str) -> InvoiceLine | None:
    """The line of that charge type on the customer's newest invoice."""
    if not charge_type:
        return None
    statement = (
        select(InvoiceLine)
        .join(Invoice)
        .where(Invoice.customer_id == asker.customer_id, InvoiceLine.charge_type == charge_type)
        .order_by(Invoice.issued_on.desc(), InvoiceLine.id)
        .limit(1)
    )
    return session.scalars(statement).one()


def _resolve(session: Session, ticket: Ticket, story: Story, agent: User, asker: User, *, at: datetime) -> None:
    decision = DisputeDecision(DisputeState.DECLINED) if ticket.dispute_id else None
    resolve_ticket(session, ticket, explanation=story.explanation, by=agent, now=at, dispute=decision)
    if story.state is TicketState.CLOSED:
        confirm(session, ticket, by=asker, now=at + timedelta(hours=5), rating=story.rating or None)
