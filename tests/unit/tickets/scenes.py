"""Tickets in the states that tests begin from."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import ChargeType, Invoice, InvoiceLine, InvoiceStatus, Subscription
from helpdesk.files.store import MemoryFileStore
from helpdesk.files.uploads import CheckedFile, checked_uploads
from helpdesk.tickets.models import Ticket, Topic
from helpdesk.tickets.services import (
    confirm,
    hand_to_21vianet,
    open_ticket,
    reply,
    resolve_ticket,
)
from helpdesk.workcalendar.services import partner_calendar
from tests.cast import Cast
from tests.unit.files.samples import pdf, upload

CALENDAR = partner_calendar("Asia/Shanghai")
HOUR = timedelta(hours=1)


def opened(session: Session, by: User, now: datetime, **given: Any) -> Ticket:
    """A ticket that `by` opened at `now`."""
    values: dict[str, Any] = {
        "topic": Topic.QUESTION,
        "subject": "发票金额不对",
        "body": "为什么七月的金额比上月多？",
        "idempotency_key": secrets.token_hex(8),
    }
    return open_ticket(session, by=by, now=now, calendar=CALENDAR, **(values | given))


def answered(session: Session, cast: Cast, now: datetime) -> Ticket:
    """One that waits for the customer, an hour later."""
    ticket = opened(session, cast.wang_fang, now)
    reply(session, ticket, body="We look into it.", by=cast.tom, now=now + HOUR)
    return ticket


def with_21vianet(session: Session, cast: Cast, now: datetime) -> Ticket:
    """One that 21Vianet has since an hour after it was opened."""
    ticket = opened(session, cast.wang_fang, now)
    hand_to_21vianet(session, ticket, by=cast.tom, now=now + HOUR)
    return ticket


def resolved(session: Session, cast: Cast, now: datetime) -> Ticket:
    """One that was explained an hour later."""
    ticket = opened(session, cast.wang_fang, now)
    return resolve_ticket(session, ticket, explanation="The fee was prorated.", by=cast.tom, now=now + HOUR)


def closed(session: Session, cast: Cast, now: datetime) -> Ticket:
    """One that the customer confirmed, two hours later."""
    return confirm(session, resolved(session, cast, now), by=cast.wang_fang, now=now + 2 * HOUR)


def subscription(session: Session, customer: Customer) -> Subscription:
    """Some seats."""
    mark = secrets.token_hex(4)
    made = Subscription(
        customer=customer,
        offer_id="offer",
        offer_name="Office 365 企业版 E3",
        order_id=f"order-{mark}",
        vnet_subscription_id=f"vnet-{mark}",
        portal_subscription_id=f"portal-{mark}",
        seats=10,
        unit_price=Decimal(11),
        term_start=date(2026, 1, 1),
        term_end=date(2026, 12, 31),
    )
    session.add(made)
    session.flush()
    return made


def invoice_line(session: Session, customer: Customer, *, number: str = "INV-2026-0042") -> InvoiceLine:
    """A charge of 110.00 on an issued invoice."""
    invoice = Invoice(
        number=number,
        customer=customer,
        status=InvoiceStatus.ISSUED,
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 12, 1),
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
        created_at=customer.created_at,
    )
    line = InvoiceLine(
        invoice=invoice,
        position=1,
        subscription=subscription(session, customer),
        charge_type=ChargeType.CYCLE_FEE,
        description="Office 365 企业版 E3",
        charge_start=date(2026, 10, 1),
        charge_end=date(2026, 10, 31),
        quantity=10,
        unit_price=Decimal(11),
        amount_minor=110_00,
        total_minor=110_00,
    )
    session.add_all([invoice, line])
    session.flush()
    return line


def slip() -> tuple[list[CheckedFile], MemoryFileStore]:
    """A bank slip, and a store to keep it."""
    return checked_uploads([upload("银行回单.pdf", pdf())]), MemoryFileStore()
