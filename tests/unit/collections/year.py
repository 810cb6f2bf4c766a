"""A whole year with many customers, and a checker who reads only what reached people, payments and suspensions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import (
    ChargeType,
    DisputeState,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Subscription,
)
from helpdesk.billing.services import close_dispute, open_dispute, record_payment
from helpdesk.collections.jobs import DUNNING, schedule
from helpdesk.collections.models import CaseState, StageKind, SuspensionCase, SuspensionNotice
from helpdesk.collections.rules.cases import NotDueForSuspension
from helpdesk.collections.rules.policies import DEFAULT_DAYS
from helpdesk.collections.services import approve_suspension, confirm_reactivation, confirm_suspension
from helpdesk.errors import DomainError
from helpdesk.jobs import all_jobs
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.permissions import Role
from helpdesk.workcalendar.services import partner_calendar
from tests.unit.collections.making import published

FIRST: Final = date(2026, 1, 5)
DAYS: Final = 365
DOWN: Final = {date(2026, 5, 11) + timedelta(days=count) for count in range(10)}
"""The worker is down for ten days in May."""
BEIJING: Final = partner_calendar("Asia/Shanghai")
TELLING: Final = (StageKind.REMINDER, StageKind.SECOND_REMINDER, StageKind.FINAL_NOTICE)
HABITS: Final = (*("well",) * 13, "late", "partly", "never", "disputes", "bounces", "very_late")
FEE: Final = 16500


@dataclass(slots=True)
class World:
    """The people, bills and habits of the year."""

    lead: User
    agent: User
    subscriptions: list[Subscription] = field(default_factory=list)
    habits: dict[int, str] = field(default_factory=dict)
    """By customer."""
    invoices: list[Invoice] = field(default_factory=list)


def make_world(session: Session, customers: int) -> World:
    """Customers with one subscription each, and four bills over the year for those who do not pay well."""
    at = datetime(2025, 12, 1, 2, tzinfo=UTC)
    chance = random.Random(7)
    staff = [
        User(email=f"{name}@year.example", name=name, role=role, created_at=at)
        for name, role in (("lead", Role.LEAD), ("agent", Role.AGENT))
    ]
    session.add_all(staff)
    published(session, now=at, effective_from=date(2025, 12, 1))
    world = World(lead=staff[0], agent=staff[1])
    for number in range(customers):
        _customer(session, world, number, chance, at)
    session.flush()
    return world


def _customer(session: Session, world: World, number: int, chance: random.Random, at: datetime) -> None:
    customer = Customer(
        name=f"Customer {number}", tenant_id=f"year-{number}", domain=f"c{number}.year.example", created_at=at
    )
    contact = User(
        email=f"c{number}@year.example", name="Contact", role=Role.BILLING_CONTACT, customer=customer, created_at=at
    )
    subscription = Subscription(
        customer=customer,
        offer_id="O",
        offer_name="Office 365",
        order_id=f"Y{number}",
        vnet_subscription_id=f"year-v{number}",
        portal_subscription_id=f"year-p{number}",
        seats=15,
        unit_price=Decimal(11),
        term_start=date(2026, 1, 1),
        term_end=date(2027, 12, 31),
    )
    session.add_all([customer, contact, subscription])
    session.flush()
    habit = HABITS[number % len(HABITS)]
    world.habits[customer.id] = habit
    world.subscriptions.append(subscription)
    for quarter in range(1 if habit == "well" else 4):
        due_on = FIRST + timedelta(days=90 * quarter + 4 + chance.randrange(41))
        world.invoices.append(_invoice(session, subscription, f"Y-{number}-{quarter}", due_on=due_on, at=at))


def _invoice(session: Session, subscription: Subscription, number: str, *, due_on: date, at: datetime) -> Invoice:
    line = InvoiceLine(
        position=1,
        subscription=subscription,
        charge_type=ChargeType.CYCLE_FEE,
        description="Office 365",
        charge_start=due_on,
        charge_end=due_on,
        quantity=15,
        unit_price=Decimal(11),
        amount_minor=FEE,
        total_minor=FEE,
    )
    invoice = Invoice(
        number=number,
        customer=subscription.customer,
        status=InvoiceStatus.ISSUED,
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        period_start=due_on,
        period_end=due_on,
        created_at=at,
        lines=[line],
    )
    session.add(invoice)
    return invoice


def live_day(session: Session, world: World, today: date, now: datetime) -> None:
    """What customers and people do on one day: pay, dispute, approve, suspend, reactivate."""
    for invoice in world.invoices:
        _pays(session, world, invoice, (today - invoice.due_on).days, now)
    for case in session.scalars(select(SuspensionCase).where(SuspensionCase.closed_at.is_(None))):
        _works_on(session, world, case, now)


_PAYS: Final = {
    "well": {-3: FEE},
    "late": {13: FEE},
    "very_late": {45: FEE},
    "partly": {4: 5000, 12: 5000, 24: FEE - 10000},
    "disputes": {33: FEE},
    "bounces": {70: FEE},
}


def _pays(session: Session, world: World, invoice: Invoice, late: int, now: datetime) -> None:
    habit = world.habits[invoice.customer_id]
    amount = _PAYS.get(habit, {}).get(late)
    if habit == "disputes" and late == 5:
        open_dispute(session, invoice.lines[0], amount=None, reason="", by=world.agent, now=now)
    if habit == "disputes" and late == 15:
        dispute = invoice.lines[0].open_dispute
        assert dispute is not None
        close_dispute(session, dispute, outcome=DisputeState.DECLINED, by=world.agent, now=now)
    if amount:
        record_payment(session, invoice, amount=Money(amount), on=now.date(), reference="", by=world.agent, now=now)


def _works_on(session: Session, world: World, case: SuspensionCase, now: datetime) -> None:
    if case.state is CaseState.SUSPENDED and not case.wants_reactivation:
        return
    try:
        with session.begin_nested():
            if case.state is CaseState.PROPOSED:
                approve_suspension(session, case, by=world.lead, now=now, calendar=BEIJING)
            elif case.state is CaseState.APPROVED:
                confirm_suspension(session, case, seen="Suspended", by=world.agent, now=now, calendar=BEIJING)
            elif case.wants_reactivation:
                confirm_reactivation(session, case, seen="Active", by=world.agent, now=now)
    except (NotDueForSuspension, DomainError):
        return


def deliver(session: Session, world: World, now: datetime) -> None:
    """Mail reaches its server, except that of customers whose address is dead until June."""
    dead = {number for number, habit in world.habits.items() if habit == "bounces"} if now.month < 6 else set()
    bounced = (
        select(OutboxMessage.id).join(User, User.id == OutboxMessage.recipient_id).where(User.customer_id.in_(dead))
    )
    waiting = sa.update(Delivery).where(Delivery.state == DeliveryState.QUEUED)
    session.execute(waiting.where(Delivery.message_id.in_(bounced)).values(state=DeliveryState.BOUNCED, at=now))
    session.execute(waiting.values(state=DeliveryState.ACCEPTED, at=now))


Worker = Callable[[datetime], object]
"""Does what a worker does at a moment."""


def one_worker(session: Session) -> Worker:
    """A worker in the transaction of the test."""
    schedule("Asia/Shanghai")
    job = next(job for job in all_jobs() if job.name == DUNNING)
    return lambda now: job.work(session, now)


def simulate(session: Session, worker: Worker, *, customers: int, days: int = DAYS) -> World:
    """Live the year."""
    world = make_world(session, customers)
    session.commit()
    with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC), tick=False) as traveller:
        for count in range(days):
            now = datetime(2026, 1, 5, 1, 30, tzinfo=UTC) + timedelta(days=count)
            traveller.move_to(now)
            if now.date() not in DOWN:
                worker(now)
                deliver(session, world, now + timedelta(minutes=5))
            live_day(session, world, now.date(), now + timedelta(hours=6))
            session.commit()
    return world


@dataclass(slots=True)
class Evidence:
    """What an outsider can see: who received what when, what was paid when, what was suspended when."""

    received: dict[tuple[int, int], dict[StageKind, date]] = field(default_factory=lambda: defaultdict(dict))
    """By subscription and invoice: the first day on which each stage reached somebody."""
    suspended: list[tuple[int, date]] = field(default_factory=list)
    notices: list[tuple[int, StageKind, date]] = field(default_factory=list)


def gather(session: Session, world: World) -> Evidence:
    """Read deliveries and the audit trail only."""
    evidence = Evidence()
    statement = (
        select(SuspensionNotice, sa.func.min(Delivery.at))
        .join(Delivery, sa.and_(Delivery.subject_type == "notice", Delivery.subject_id == SuspensionNotice.id))
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(Delivery.state == DeliveryState.ACCEPTED, OutboxMessage.kind == "notice_issued")
        .group_by(*SuspensionNotice.__table__.columns)
        .order_by(SuspensionNotice.id)
    )
    for notice, at in session.execute(statement):
        for part in notice.invoices:
            stages = evidence.received[notice.subscription_id, part.invoice_id]
            stages.setdefault(notice.stage, at.date())
        evidence.notices.append((notice.subscription_id, notice.stage, notice.issued_at.date()))
    by_public = {subscription.public_id: subscription.id for subscription in world.subscriptions}
    trail = select(AuditEntry).where(AuditEntry.action == "subscription.suspended").order_by(AuditEntry.id)
    evidence.suspended = [(by_public[entry.object_id], entry.at.date()) for entry in session.scalars(trail)]
    return evidence


def broken_promises(evidence: Evidence, world: World) -> Iterator[str]:
    """Every suspension that was not warned of in full over some unpaid invoice, and every notice on a day of rest."""
    for subscription, on in evidence.suspended:
        owed = [i for i in world.invoices if i.lines[0].subscription_id == subscription and _is_owed(i, on)]
        if not any(_was_warned(evidence.received[subscription, i.id], i.due_on, on) for i in owed):
            yield f"subscription {subscription} was suspended on {on} without its warnings"
    for subscription, stage, on in evidence.notices:
        if not BEIJING.is_working_day(on):
            yield f"{stage} to {subscription} on {on}, a day of rest"
        if on in DOWN:
            yield f"{stage} on {on} while the worker was down"
    told = [(subscription, on) for subscription, _stage, on in evidence.notices]
    if len(told) != len(set(told)):
        yield "somebody had two notices about one subscription on one day"


def _is_owed(invoice: Invoice, on: date) -> bool:
    """Unpaid on a day, and in no dispute that was open then."""
    paid = sum(entry.amount_minor for entry in invoice.ledger if entry.on < on)
    disputed = any(
        each.opened_at.date() < on and (each.closed_at is None or each.closed_at.date() > on)
        for each in invoice.lines[0].disputes
    )
    return invoice.due_on < on and paid < FEE and not disputed


def _was_warned(received: dict[StageKind, date], due_on: date, on: date) -> bool:
    if not all(stage in received for stage in TELLING):
        return False
    days = [received[stage] for stage in TELLING]
    offsets = [DEFAULT_DAYS[stage] for stage in TELLING]
    waits = [DEFAULT_DAYS[StageKind.SUSPENSION] - offset for offset in offsets]
    return (
        all((day - due_on).days >= offset for day, offset in zip(days, offsets, strict=True))
        and all((on - day).days >= wait for day, wait in zip(days, waits, strict=True))
        and days == sorted(days)
    )
