"""A draft policy run over every open invoice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import Invoice, Subscription
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import Approval, PolicyDraft, StageKind
from helpdesk.collections.queries.books import Books, Owed, read_books
from helpdesk.collections.rules.notices import said_of
from helpdesk.collections.rules.schedule import WorkDays, later_by
from helpdesk.collections.rules.simulation import Course, course_of
from helpdesk.money import Money

_AHEAD_DAYS: Final = 400
"""Every open invoice: none is due later than this."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One open invoice of one subscription, today and under the draft."""

    subscription: Subscription
    invoice: Invoice
    due: Money
    now: Course
    then: Course
    approvals: Mapping[StageKind, Approval]
    """Who approves under the policy of today."""

    @property
    def moved_days(self) -> int:
        """By how many days the earliest suspension moves; below 0 is earlier."""
        if self.now.suspension is None or self.then.suspension is None:
            return 0
        return (self.then.suspension - self.now.suspension).days


def the_draft(session: Session) -> PolicyDraft | None:
    """The next version while it is written."""
    return session.scalars(select(PolicyDraft).order_by(PolicyDraft.id)).first()


def simulated(
    session: Session, days: Mapping[StageKind, int], *, minimum: Money, now: datetime, calendar: WorkDays | None
) -> list[Simulated]:
    """Every open invoice with something due, in the order of its due date; below a smallest amount nothing comes.

    Invoices that were issued before the draft takes effect would keep their version; here it is laid over all.
    """
    books = read_books(session, now=now, ahead_days=_AHEAD_DAYS)
    if not books.policies:
        return []
    rows = [
        _simulated(books, subscription, owed, days, minimum=minimum, now=now, calendar=calendar)
        for subscription in books.subscriptions
        for owed in books.owed_on(subscription)
        if owed[1].due
    ]
    return sorted(rows, key=lambda row: (row.invoice.due_on, row.invoice.id, row.subscription.id))


def _simulated(
    books: Books,
    subscription: Subscription,
    owed: Owed,
    days: Mapping[StageKind, int],
    *,
    minimum: Money,
    now: datetime,
    calendar: WorkDays | None,
) -> Simulated:
    invoice, balance = owed
    today = day_in(subscription.customer.time_zone, now)
    said = said_of(books.told[subscription.id], {invoice.id: invoice.due_on})
    extra = books.extra_days(subscription.customer_id, today)
    policy = books.policy_for([invoice.issued_on], today=today)

    def course(offsets: Mapping[StageKind, int], least: Money) -> Course:
        if least.currency == balance.due.currency and balance.due < least:
            return Course({})
        return course_of(said, invoice.due_on, offsets=later_by(offsets, extra), today=today, calendar=calendar)

    return Simulated(
        subscription,
        invoice,
        balance.due,
        course(policy.offsets, policy.minimum),
        course(days, minimum),
        policy.approvals,
    )
