"""Tickets of the demonstration, each told step by step through the ticket services."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import DisputeState, Invoice, InvoiceLine
from helpdesk.demo.cases import CASES
from helpdesk.demo.escalation import hand_over, put_away
from helpdesk.demo.paper import paper
from helpdesk.demo.people import guid
from helpdesk.demo.stories import STORIES, Story
from helpdesk.escalations.services import watch_credits
from helpdesk.files.store import FileStore
from helpdesk.money import Money
from helpdesk.tickets.models import Ticket, TicketState
from helpdesk.tickets.services import DisputeDecision, add_note, confirm, open_ticket, reply, resolve_ticket, triage
from helpdesk.workcalendar.services import partner_calendar

_TOLD = {TicketState.RESOLVED, TicketState.CLOSED}


def load_conversations(session: Session, people: dict[str, User], *, store: FileStore, now: datetime) -> None:
    """Open every story's ticket, oldest first, and bring it to its state; then look for granted credits."""
    for story in sorted((*STORIES, *CASES), key=lambda story: -story.days_ago):
        begun = now - timedelta(days=story.days_ago, hours=3 if story.days_ago else 1)
        _tell(session, story, people, store=store, begun=begun)
    watch_credits(session, now=now)


def _tell(session: Session, story: Story, people: dict[str, User], *, store: FileStore, begun: datetime) -> None:
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
        line=_line(session, asker, story.line, issued_by=begun.date()),
        amount=Money.parse(story.amount, "CNY") if story.amount else None,
        files=[paper(story.file, f"Demonstration: {story.file}")] if story.file else (),
        store=store,
        origin_query=story.query,
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
    if story.case:
        at = hand_over(session, ticket, story.case, by=agent, now=at + timedelta(hours=1))
    if story.state in _TOLD:
        _resolve(session, ticket, story, agent, asker, at=at + timedelta(hours=2))


def _line(session: Session, asker: User, charge_type: str, *, issued_by: date) -> InvoiceLine | None:
    """The line of that charge type on the customer's newest invoice of that day."""
    if not charge_type:
        return None
    statement = (
        select(InvoiceLine)
        .join(Invoice)
        .where(
            Invoice.customer_id == asker.customer_id,
            Invoice.issued_on <= issued_by,
            InvoiceLine.charge_type == charge_type,
        )
        .order_by(Invoice.issued_on.desc(), InvoiceLine.id)
        .limit(1)
    )
    return session.scalars(statement).one()


def _resolve(session: Session, ticket: Ticket, story: Story, agent: User, asker: User, *, at: datetime) -> None:
    decision = DisputeDecision(DisputeState.DECLINED) if ticket.dispute_id else None
    resolve_ticket(session, ticket, explanation=story.explanation, by=agent, now=at, dispute=decision)
    put_away(session, ticket, by=agent, now=at + timedelta(minutes=5))
    if story.state is TicketState.CLOSED:
        confirm(session, ticket, by=asker, now=at + timedelta(hours=5), rating=story.rating or None)
