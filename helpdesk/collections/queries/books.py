"""What the engine needs of all customers at once, read in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, InvoiceStatus, Subscription, SubscriptionState
from helpdesk.billing.queries import figures, holds_of
from helpdesk.billing.queries.balances import balance_from
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.collections.models import (
    OPEN_CASE,
    CollectionsHold,
    CollectionsPolicy,
    NoticeState,
    PolicyException,
    SuspensionCase,
    SuspensionNotice,
)
from helpdesk.collections.queries.heard import delivered_at, issued_from
from helpdesk.collections.rules.notices import Issued
from helpdesk.permissions import Role

Owed = tuple[Invoice, InvoiceBalance]
_Row = TypeVar("_Row", CollectionsHold, PolicyException)
_Owned = TypeVar("_Owned", CollectionsHold, PolicyException, User)


@dataclass(frozen=True, slots=True)
class Books:
    """Everything by the id it is asked for."""

    subscriptions: Sequence[Subscription]
    owed: dict[int, list[Owed]]
    """By subscription, oldest first."""
    told: dict[int, list[tuple[Issued, frozenset[int]]]]
    notices: dict[int, SuspensionNotice]
    cases: dict[int, SuspensionCase]
    contacts: dict[int, list[User]]
    holds: dict[int, list[CollectionsHold]]
    exceptions: dict[int, list[PolicyException]]
    proofs: dict[int, datetime]
    policies: Sequence[CollectionsPolicy]
    """Published, newest first."""

    def owed_on(self, subscription: Subscription) -> list[Owed]:
        """Unpaid invoices that charge a subscription, in its currency."""
        found = self.owed.get(subscription.id, [])
        return [(invoice, balance) for invoice, balance in found if invoice.currency == subscription.currency]

    def policy_for(self, issued: Sequence[date], *, today: date) -> CollectionsPolicy:
        """The version in force when the oldest of the invoices was issued; before the first, the first."""
        on = min(issued, default=today)
        known = [policy for policy in self.policies if policy.effective_from <= today]
        return next((policy for policy in known if policy.effective_from <= on), (known or self.policies)[-1])

    def extra_days(self, customer_id: int, today: date) -> int:
        """Days that exceptions give a customer today."""
        given = [each.extra_days for each in self.exceptions.get(customer_id, []) if today <= each.until]
        return max(given, default=0)

    def exception_ends(self, customer_id: int, today: date) -> date | None:
        """The last day on which the exceptions of today hold as they are."""
        return min((each.until for each in self.exceptions.get(customer_id, []) if today <= each.until), default=None)

    def hold_of(self, customer_id: int, today: date) -> CollectionsHold | None:
        """The hold that lasts longest, if one holds today."""
        holding = [hold for hold in self.holds.get(customer_id, []) if today <= hold.until]
        return max(holding, key=lambda hold: hold.until, default=None)

    def proof_hold(self, invoice_ids: Iterable[int]) -> datetime | None:
        """Until when a proof of payment that nobody looked at keeps the clock still."""
        return max((self.proofs[each] for each in invoice_ids if each in self.proofs), default=None)


def read_books(session: Session, *, now: datetime, customer_id: int | None = None, ahead_days: int = 1) -> Books:
    """Read the books of one customer or of all; `ahead_days` also takes in what falls due within so many days."""
    before = now.date() + timedelta(days=ahead_days)
    owed = _owed(session, before=before, customer_id=customer_id)
    subscriptions = _subscriptions(session, set(owed), customer_id=customer_id)
    ids = [subscription.id for subscription in subscriptions]
    told, notices = _told(session, subscriptions)
    cases = select(SuspensionCase).where(SuspensionCase.subscription_id.in_(ids), SuspensionCase.state.in_(OPEN_CASE))
    customers = {subscription.customer_id for subscription in subscriptions}
    return Books(
        subscriptions=subscriptions,
        owed=owed,
        told=told,
        notices=notices,
        cases={case.subscription_id: case for case in session.scalars(cases)},
        contacts=_contacts(session, customers),
        holds=_by_customer(session.scalars(_holding(CollectionsHold, CollectionsHold.released_at, now))),
        exceptions=_by_customer(session.scalars(_holding(PolicyException, PolicyException.ended_at, now))),
        proofs=holds_of(session, {invoice.id for found in owed.values() for invoice, _ in found}, now=now),
        policies=_policies(session),
    )


def _owed(session: Session, *, before: date, customer_id: int | None) -> dict[int, list[Owed]]:
    """Unpaid invoices due before a day, by the subscriptions that they charge."""
    invoices = (
        select(Invoice, *figures())
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.due_on < before)
        .order_by(Invoice.due_on, Invoice.id)
    )
    if customer_id is not None:
        invoices = invoices.where(Invoice.customer_id == customer_id)
    found = [(invoice, balance_from(invoice, row)) for invoice, *row in session.execute(invoices)]
    unpaid = {invoice.id: (invoice, balance) for invoice, balance in found if balance.due or balance.disputed}
    lines = select(InvoiceLine.invoice_id, InvoiceLine.subscription_id).where(
        InvoiceLine.invoice_id.in_(unpaid), InvoiceLine.subscription_id.is_not(None)
    )
    owed: dict[int, list[Owed]] = defaultdict(list)
    charged = {(row.invoice_id, row.subscription_id) for row in session.execute(lines)}
    for invoice_id, subscription_id in sorted(charged, key=lambda pair: (unpaid[pair[0]][0].due_on, *pair)):
        owed[subscription_id].append(unpaid[invoice_id])
    return dict(owed)


def _subscriptions(session: Session, owing: set[int], *, customer_id: int | None) -> list[Subscription]:
    """Those that owe, were given a notice that stands, have an open case, or are suspended; none that is gone."""
    noticed = select(SuspensionNotice.subscription_id).where(SuspensionNotice.state == NoticeState.IN_FORCE)
    cased = select(SuspensionCase.subscription_id).where(SuspensionCase.state.in_(OPEN_CASE))
    statement = (
        select(Subscription)
        .options(joinedload(Subscription.customer))
        .where(
            sa.or_(
                Subscription.id.in_(owing),
                Subscription.id.in_(noticed),
                Subscription.id.in_(cased),
                Subscription.state == SubscriptionState.SUSPENDED,
            ),
            Subscription.state.in_([SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED]),
        )
    )
    if customer_id is not None:
        statement = statement.where(Subscription.customer_id == customer_id)
    return list(session.scalars(statement))


def _told(
    session: Session, subscriptions: Sequence[Subscription]
) -> tuple[dict[int, list[tuple[Issued, frozenset[int]]]], dict[int, SuspensionNotice]]:
    """What was said since the last settlement, with its invoices, and the notice in force, by subscription."""
    zones = {subscription.id: subscription.customer.time_zone for subscription in subscriptions}
    statement = (
        select(SuspensionNotice, delivered_at())
        .where(SuspensionNotice.subscription_id.in_(zones), SuspensionNotice.state != NoticeState.WITHDRAWN)
        .options(selectinload(SuspensionNotice.invoices))
        .order_by(SuspensionNotice.id)
    )
    told: dict[int, list[tuple[Issued, frozenset[int]]]] = {number: [] for number in zones}
    in_force: dict[int, SuspensionNotice] = {}
    for notice, delivered in session.execute(statement):
        said = told[notice.subscription_id]
        if notice.state is NoticeState.SETTLED:
            said.clear()
            continue
        issued = issued_from(notice, delivered, zone=zones[notice.subscription_id])
        said.append((issued, notice.invoice_ids))
        if notice.is_in_force:
            in_force[notice.subscription_id] = notice
    return told, in_force


def _contacts(session: Session, customers: set[int]) -> dict[int, list[User]]:
    statement = select(User).where(User.customer_id.in_(customers), User.role == Role.BILLING_CONTACT).order_by(User.id)
    return _by_customer(person for person in session.scalars(statement) if person.is_reachable)


def _holding(model: type[_Row], ended: Any, now: datetime) -> Select[_Row]:  # noqa: ANN401 - a mapped column
    return select(model).where(ended.is_(None), model.until >= now.date() - timedelta(days=1))


def _by_customer(rows: Iterable[_Owned]) -> dict[int, list[_Owned]]:
    grouped: dict[int, list[_Owned]] = defaultdict(list)
    for row in rows:
        grouped[row.customer_id or 0].append(row)
    return dict(grouped)


def _policies(session: Session) -> list[CollectionsPolicy]:
    statement = (
        select(CollectionsPolicy)
        .where(CollectionsPolicy.published_at.is_not(None))
        .options(selectinload(CollectionsPolicy.stages))
        .order_by(CollectionsPolicy.version.desc())
    )
    return list(session.scalars(statement))
