"""Opening a ticket."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.billing.services import open_dispute
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.limits import SUBJECT_MAX
from helpdesk.money import Money
from helpdesk.tickets.models import EventKind, MessageKind, Ticket, TicketState, Topic
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.promise import answer_due
from helpdesk.tickets.rules.states import NotYours
from helpdesk.tickets.rules.topics import first_priority
from helpdesk.tickets.rules.words import tidy_line, written
from helpdesk.tickets.services.assignment import give_out
from helpdesk.tickets.services.drafts import note_sent_after_all
from helpdesk.tickets.services.mails import tell_received
from helpdesk.tickets.services.records import note_deed, note_event, write_message
from helpdesk.workcalendar.rules import WorkCalendar

FIRST_NUMBER: Final = 1001
"""The first ticket is T-1001."""

_NUMBERS_LOCK: Final = 7_204_001
"""Key of the PostgreSQL lock under which numbers are given out; nothing else uses it."""


def open_ticket(  # noqa: PLR0913 - one for each thing a ticket begins with
    session: Session,
    *,
    by: User,
    topic: Topic,
    subject: str,
    body: str,
    now: datetime,
    calendar: WorkCalendar,
    idempotency_key: str,
    line: InvoiceLine | None = None,
    invoice: Invoice | None = None,
    subscription: Subscription | None = None,
    amount: Money | None = None,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
    origin_query: str = "",
    origin_article_id: int | None = None,
    origin_notice: str = "",
) -> Ticket:
    """Open a ticket of `by`'s organisation, promise an answer, and give it out; the same key gives the same ticket.

    A dispute of a line opens a billing dispute on it. Raises `NotYours`, `NothingWritten`, and billing's refusals.
    """
    if by.customer_id is None:
        raise NotYours
    key = own_key(by, idempotency_key)
    _one_at_a_time(session)
    known = _opened_with(session, key)
    if known is not None:
        return known
    written(subject, limit=SUBJECT_MAX)
    priority = first_priority(topic)
    goal = current_targets(session).of(topic, priority)
    ticket = Ticket(
        number=_next_number(session),
        customer_id=by.customer_id,
        customer=by.customer,
        requester=by,
        topic=topic,
        priority=priority,
        state=TicketState.NEW,
        subject=tidy_line(subject),
        locale=by.locale,
        subscription=subscription or (line.subscription if line else None),
        invoice=invoice or (line.invoice if line else None),
        amount_minor=amount.minor if amount else None,
        lines=[line] if line else [],
        origin_query=tidy_line(origin_query)[:200],
        origin_article_id=origin_article_id,
        origin_notice=tidy_line(origin_notice)[:16],
        idempotency_key=key,
        answer_due_at=(due := answer_due(goal.first, now=now, calendar=calendar)),
        first_answer_due_at=due,
        loop_opened_at=now,
        created_at=now,
        updated_at=now,
    )
    session.add(ticket)
    session.flush()
    write_message(session, ticket, body=body, kind=MessageKind.PUBLIC, by=by, now=now, files=files, store=store)
    _dispute(session, ticket, line, amount=amount, reason=body, by=by, now=now)
    note_event(session, ticket, EventKind.OPENED, by=by, now=now, topic=topic.value)
    note_deed(session, ticket, "opened", by=by, now=now, after={"topic": topic.value, "subject": ticket.subject})
    note_sent_after_all(session, form_key=key, now=now)
    session.flush()
    tell_received(session, ticket, now=now, calendar=calendar)
    give_out(session, ticket, now=now, calendar=calendar)
    return ticket


def own_key(by: User, key: str) -> str:
    """Key of a ticket or a draft of one person: a form's key is worth something to its own sender alone."""
    return hashlib.sha256(f"{by.id}:{key}".encode()).hexdigest()[:40]


def was_opened(session: Session, key: str) -> bool:
    """Whether a ticket was opened with that own key."""
    return _opened_with(session, key) is not None


def _opened_with(session: Session, key: str) -> Ticket | None:
    return session.scalars(select(Ticket).where(Ticket.idempotency_key == key)).one_or_none()


def _one_at_a_time(session: Session) -> None:
    """Hold the right to give out numbers until the transaction ends; on SQLite, BEGIN IMMEDIATE is that."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NUMBERS_LOCK)))


def _next_number(session: Session) -> int:
    highest = session.scalars(select(func.max(Ticket.number))).one()
    return max(FIRST_NUMBER, (highest or 0) + 1)


def _dispute(
    session: Session,
    ticket: Ticket,
    line: InvoiceLine | None,
    *,
    amount: Money | None,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    if ticket.topic is not Topic.DISPUTE or line is None:
        return
    ticket.dispute = open_dispute(session, line, amount=amount, reason=reason, by=by, now=now)
