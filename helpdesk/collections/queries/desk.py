"""The Collections page of the partner: every customer that owes, what happens next, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Invoice, LedgerEntry, LedgerKind, Subscription, SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import (
    OPEN_CASE,
    CollectionsHold,
    PaymentPromise,
    PolicyException,
    StageKind,
    SuspensionCase,
    SuspensionNotice,
)
from helpdesk.collections.queries.disputed import disputed_by_customer
from helpdesk.collections.queries.standings import Standing, standings
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.rules.steering import PromiseState, promise_state
from helpdesk.limits import PARTNER_PAYMENT_DAYS
from helpdesk.money import Money
from helpdesk.permissions import Permission

_TASKS = frozenset({Step.FIND_CONTACT, Step.MAKE_HEARD})
_URGENCY = (
    Step.PROPOSE_REACTIVATION,
    Step.CONFIRM_SUSPENSION,
    Step.PROPOSE_SUSPENSION,
    Step.AWAIT_APPROVAL,
    Step.FIND_CONTACT,
    Step.MAKE_HEARD,
    Step.WATCH_DELETION,
    Step.NOTIFY,
    Step.WAIT,
    Step.PAUSE,
    Step.SETTLE,
    Step.NOTHING,
)


_STAGES = list(StageKind)
"""In order."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise and what became of it."""

    promise: PaymentPromise
    state: PromiseState


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One customer."""

    customer: Customer
    standings: Sequence[Standing]
    """The most pressing first."""
    overdue: Money
    disputed: Money
    """In open disputes, on invoices that are not due yet too."""
    held_until: date | None
    promise: PromiseRow | None
    broken_promises: int
    """How many were broken since the oldest of these debts was due."""
    partner_due_on: date | None
    """When the partner itself must have paid 21Vianet for the oldest of these invoices."""

    @property
    def first(self) -> Standing:
        """The most pressing."""
        return self.standings[0]

    @property
    def notice(self) -> SuspensionNotice | None:
        """The notice in force that has gone furthest: of several subscriptions, what the customer must fear first."""
        told = [each.notice for each in self.standings if each.notice is not None]
        return max(told, key=lambda notice: _STAGES.index(notice.stage), default=None)

    @property
    def days_overdue(self) -> int:
        """Since the oldest due date."""
        case = self.first.case
        oldest = min((debt.due_on for each in self.standings for debt in each.case.debts), default=case.today)
        return (case.today - oldest).days


def desk_rows(
    session: Session, *, now: datetime, calendar: WorkDays | None, customer_id: int | None = None
) -> list[DeskRow]:
    """Every customer with something overdue, disputed, noticed or suspended, the most pressing first."""
    by_customer: dict[int, list[Standing]] = {}
    for standing in standings(session, now=now, calendar=calendar, customer_id=customer_id):
        by_customer.setdefault(standing.subscription.customer_id, []).append(standing)
    promises = promises_of(session, by_customer, now=now)
    disputed = disputed_by_customer(session, customer_id=customer_id)
    rows = [
        _row(found, promises.get(number, []), disputed[number].amounts if number in disputed else [])
        for number, found in by_customer.items()
    ]
    return sorted(rows, key=lambda row: (_urgency(row.first), -row.days_overdue, row.customer.name))


def is_task(standing: Standing) -> bool:
    """Whether an agent must find a contact or make a notice heard."""
    return standing.action.step in _TASKS


def _urgency(standing: Standing) -> int:
    return _URGENCY.index(standing.action.step)


def _row(found: list[Standing], promises: list[PromiseRow], disputed: list[Money]) -> DeskRow:
    ordered = sorted(found, key=lambda each: (_urgency(each), each.action.on or date.max, each.subscription.id))
    first = ordered[0]
    today = first.case.today
    invoices = {invoice.id: (invoice, balance) for each in ordered for invoice, balance in each.invoices}
    nothing = Money.zero(first.subscription.currency)
    ours = [(i, b) for i, b in invoices.values() if i.currency == nothing.currency]
    overdue = [(invoice, balance.due) for invoice, balance in ours if balance.is_overdue(today)]
    since = min((invoice.due_on for invoice, _ in overdue), default=date.max)
    return DeskRow(
        customer=first.subscription.customer,
        standings=ordered,
        overdue=sum((amount for _, amount in overdue), nothing),
        disputed=next((amount for amount in disputed if amount.currency == nothing.currency), nothing),
        held_until=max((each.case.held_until for each in ordered if each.case.held_until), default=None),
        promise=promises[0] if promises else None,
        broken_promises=sum(row.state is PromiseState.BROKEN and row.promise.promised_on >= since for row in promises),
        partner_due_on=_partner_due_on(invoice for invoice, _ in overdue),
    )


def _partner_due_on(invoices: Iterable[Invoice]) -> date | None:
    """Net 30 days from the billing date, whether or not the customer pays. Source: domain, duty 2."""
    oldest = min((invoice.issued_on for invoice in invoices), default=None)
    return None if oldest is None else oldest + timedelta(days=PARTNER_PAYMENT_DAYS)


def promises_of(session: Session, customers: Iterable[int], *, now: datetime) -> dict[int, list[PromiseRow]]:
    """The promises of some customers with what became of each, the newest first; two statements."""
    wanted = list(customers)
    statement = (
        select(PaymentPromise)
        .where(PaymentPromise.customer_id.in_(wanted))
        .options(joinedload(PaymentPromise.customer), joinedload(PaymentPromise.created_by))
        .order_by(PaymentPromise.id.desc())
    )
    paid = (
        select(PaymentPromise.id, func.sum(LedgerEntry.amount_minor))
        .join(Invoice, Invoice.customer_id == PaymentPromise.customer_id)
        .join(LedgerEntry, LedgerEntry.invoice_id == Invoice.id)
        .where(
            PaymentPromise.customer_id.in_(wanted),
            Invoice.currency == PaymentPromise.currency,
            LedgerEntry.kind == LedgerKind.PAYMENT,
            LedgerEntry.recorded_at >= PaymentPromise.created_at,
        )
        .group_by(PaymentPromise.id)
    )
    since: dict[int, int] = {number: int(minor) for number, minor in session.execute(paid)}
    found: dict[int, list[PromiseRow]] = {}
    for promise in session.scalars(statement):
        today = day_in(promise.customer.time_zone, now)
        came = [Money(since.get(promise.id, 0), promise.currency)]
        state = promise_state(promise.amount, promise.promised_on, came, today=today)
        found.setdefault(promise.customer_id, []).append(PromiseRow(promise, state))
    return found


def customer_for_desk(session: Session, user: User, public_id: str) -> Customer | None:
    """One customer, for somebody who works on collections."""
    if not user.may(Permission.COLLECTIONS_WORK):
        return None
    return session.scalars(select(Customer).where(Customer.public_id == public_id)).one_or_none()


def cases_visible_to(user: User) -> Select[SuspensionCase]:
    """Select the cases that `user` may see, with everything their pages show."""
    statement = select(SuspensionCase).options(
        joinedload(SuspensionCase.customer),
        joinedload(SuspensionCase.subscription),
        joinedload(SuspensionCase.notice),
        joinedload(SuspensionCase.proposed_by),
        joinedload(SuspensionCase.approved_by),
        joinedload(SuspensionCase.suspended_by),
        joinedload(SuspensionCase.closed_by),
    )
    return statement if user.may(Permission.COLLECTIONS_WORK) else statement.where(SuspensionCase.id < 0)


def case_visible(session: Session, user: User, public_id: str) -> SuspensionCase | None:
    """One case."""
    return session.scalars(cases_visible_to(user).where(SuspensionCase.public_id == public_id)).one_or_none()


def open_cases(session: Session, user: User) -> list[SuspensionCase]:
    """The cases on which something is to be done or watched, the oldest first."""
    statement = cases_visible_to(user).where(SuspensionCase.state.in_(OPEN_CASE)).order_by(SuspensionCase.id)
    return list(session.scalars(statement))


def cases_of(session: Session, user: User, customer_id: int) -> list[SuspensionCase]:
    """Every case of a customer, the newest first."""
    statement = cases_visible_to(user).where(SuspensionCase.customer_id == customer_id)
    return list(session.scalars(statement.order_by(SuspensionCase.id.desc())))


def others_of(session: Session, customer_id: int, *, listed: Iterable[int]) -> list[Subscription]:
    """The active subscriptions of a customer that are not `listed` and have no open case, by name."""
    is_in_case = exists().where(SuspensionCase.subscription_id == Subscription.id, SuspensionCase.state.in_(OPEN_CASE))
    statement = (
        select(Subscription)
        .where(Subscription.customer_id == customer_id, Subscription.state == SubscriptionState.ACTIVE, ~is_in_case)
        .where(Subscription.id.not_in(list(listed)))
        .order_by(Subscription.offer_name, Subscription.id)
    )
    return list(session.scalars(statement))


def holds_on(session: Session, customer_id: int) -> list[CollectionsHold]:
    """The holds of a customer that were not released, the newest first."""
    statement = (
        select(CollectionsHold)
        .where(CollectionsHold.customer_id == customer_id, CollectionsHold.released_at.is_(None))
        .options(joinedload(CollectionsHold.created_by))
        .order_by(CollectionsHold.id.desc())
    )
    return list(session.scalars(statement))


def exceptions_of(session: Session, customer_id: int) -> list[PolicyException]:
    """The exceptions of a customer that were not ended, the newest first."""
    statement = (
        select(PolicyException)
        .where(PolicyException.customer_id == customer_id, PolicyException.ended_at.is_(None))
        .options(joinedload(PolicyException.created_by))
        .order_by(PolicyException.id.desc())
    )
    return list(session.scalars(statement))
