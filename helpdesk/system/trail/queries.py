"""Entries of the trail: one statement a page, whatever is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import Dispute, Invoice, InvoiceLine, PaymentProof, Subscription
from helpdesk.collections.models import SuspensionCase, SuspensionNotice
from helpdesk.escalations.models import Escalation
from helpdesk.intake.models import IncomingMail
from helpdesk.system.trail.filters import Wanted
from helpdesk.tickets.models import Ticket
from helpdesk.web.pagination import Page, cut

PAGE: Final = 50
_BATCH: Final = 1000
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry with the person who did it; all empty where the helpdesk did."""

    entry: AuditEntry
    name: str
    email: str
    person: str
    """The person's public id."""


def trail_page(session: Session, asked: Wanted, *, zone: str, before: int | None) -> Page[Seen]:
    """Entries newest first, from the one before `before` on."""
    rows = _rows(session, asked, zone=zone, before=before, size=PAGE + 1)
    return cut(rows, PAGE, lambda row: row.entry.id)


def whole_trail(session: Session, asked: Wanted, *, zone: str, most: int) -> Iterator[list[Seen]]:
    """The same, all of them up to `most`, in batches."""
    before, left = None, most
    while left and (rows := _rows(session, asked, zone=zone, before=before, size=min(_BATCH, left))):
        yield rows
        before, left = rows[-1].entry.id, left - len(rows)


def _rows(session: Session, asked: Wanted, *, zone: str, before: int | None, size: int) -> list[Seen]:
    statement = (
        sa.select(AuditEntry, User.name, User.email, User.public_id)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(*_conditions(asked, zone))
        .order_by(AuditEntry.id.desc())
        .limit(size)
    )
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    return [Seen(entry, *(each or "" for each in person)) for entry, *person in session.execute(statement)]


def _conditions(asked: Wanted, zone: str) -> Iterator[sa.ColumnElement[bool]]:
    if asked.actions:
        yield AuditEntry.action.in_(asked.actions)
    if asked.actor:
        yield AuditEntry.actor_id.in_(_people(asked.actor))
    if asked.kind:
        yield AuditEntry.object_type == asked.kind
    if asked.object:
        yield AuditEntry.object_id.in_({asked.object, asked.object.upper()})
    if asked.customer:
        yield _of_customers(asked.customer)
    if (first := asked.first_day) is not None:
        yield AuditEntry.at >= _midnight(first, zone)
    if (last := asked.last_day) is not None and last < date.max:
        yield AuditEntry.at < _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _people(text: str) -> Ids:
    return sa.select(User.id).where(
        sa.or_(User.email.icontains(text, autoescape=True), User.name.icontains(text, autoescape=True))
    )


def _of_customers(text: str) -> sa.ColumnElement[bool]:
    """What people of these customers did, and what was done to anything of theirs."""
    customers = sa.select(Customer.id).where(
        sa.or_(
            Customer.name.icontains(text, autoescape=True),
            Customer.domain == text,
            Customer.tenant_id == text,
            Customer.public_id == text,
        )
    )
    theirs = sa.select(User.id).where(User.customer_id.in_(customers))
    objects = [
        sa.and_(AuditEntry.object_type == kind, AuditEntry.object_id.in_(ids)) for kind, ids in _objects_of(customers)
    ]
    return sa.or_(AuditEntry.actor_id.in_(theirs), *objects)


def _objects_of(customers: Ids) -> Iterator[tuple[str, sa.Select[str]]]:
    """By type of object, the names under which the trail knows what belongs to customers."""
    tickets = sa.select(Ticket.id).where(Ticket.customer_id.in_(customers))
    invoices = sa.select(Invoice.id).where(Invoice.customer_id.in_(customers))
    lines = sa.select(InvoiceLine.id).where(InvoiceLine.invoice_id.in_(invoices))
    yield "customer", sa.select(Customer.public_id).where(Customer.id.in_(customers))
    yield "user", sa.select(sa.cast(User.id, sa.String)).where(User.customer_id.in_(customers))
    yield "ticket", sa.select(sa.literal("T-") + sa.cast(Ticket.number, sa.String)).where(Ticket.id.in_(tickets))
    yield "invoice", sa.select(Invoice.number).where(Invoice.id.in_(invoices))
    yield "subscription", sa.select(Subscription.public_id).where(Subscription.customer_id.in_(customers))
    yield "notice", sa.select(SuspensionNotice.public_id).where(SuspensionNotice.customer_id.in_(customers))
    yield "suspension_case", sa.select(SuspensionCase.public_id).where(SuspensionCase.customer_id.in_(customers))
    yield "payment_proof", sa.select(PaymentProof.public_id).where(PaymentProof.invoice_id.in_(invoices))
    yield "dispute", sa.select(Dispute.public_id).where(Dispute.line_id.in_(lines))
    yield "escalation", sa.select(Escalation.public_id).where(Escalation.ticket_id.in_(tickets))
    yield "incoming_mail", sa.select(IncomingMail.public_id).where(IncomingMail.ticket_id.in_(tickets))
