"""What the page of a notice shows, reckoned before the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.billing.models import Invoice, SubscriptionState
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries import NOTICE, NoticeAmounts, amounts_of, earlier_notices
from helpdesk.collections.queries.suspended import is_undone
from helpdesk.collections.views.picture import Mark, notice_marks
from helpdesk.collections.views.terms import terms_in
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery
from helpdesk.notifications.queries import deliveries_about
from helpdesk.workcalendar.rules import WorkCalendar


class Situation(StrEnum):
    """Where a customer stands with a notice."""

    WARNED = "warned"
    """Nothing has changed yet; the first clock runs."""
    ANY_DAY = "any_day"
    """The day of the first clock has come; a suspension may follow."""
    SUSPENDED = "suspended"
    PAID = "paid"
    """Suspended, and paid: the reactivation is on its way."""
    CONTESTED = "contested"
    """Suspended, and all that is left is in dispute."""
    UNDONE = "undone"
    """Suspended although something came first: the reactivation is on its way."""
    PAUSED = "paused"
    """All that is left is in dispute."""
    ENDED = "ended"


_SUSPENDED: Final = frozenset({Situation.SUSPENDED, Situation.PAID, Situation.CONTESTED, Situation.UNDONE})


@dataclass(frozen=True, slots=True)
class NoticedInvoice:
    """One invoice of a notice: what was stated, and what is left."""

    invoice: Invoice
    stated: Money
    balance: InvoiceBalance


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """A whole notice."""

    notice: SuspensionNotice
    amounts: NoticeAmounts
    situation: Situation
    invoices: list[NoticedInvoice]
    marks: list[Mark]
    clause_title: str
    deliveries: list[Delivery]
    days_to_access: int
    days_to_deletion: int

    @property
    def clocks_run(self) -> bool:
        """Whether the dates still hold."""
        return self.notice.is_in_force

    @property
    def is_suspended(self) -> bool:
        """Whether access has changed."""
        return self.situation in _SUSPENDED


def notice_sheet(
    session: Session, notice: SuspensionNotice, *, locale: str, today: date, calendar: WorkCalendar
) -> NoticeSheet:
    """The page of a notice that `notice_visible` loaded; a constant number of statements."""
    amounts = amounts_of(session, notice)
    return NoticeSheet(
        notice=notice,
        amounts=amounts,
        situation=Situation.UNDONE if is_undone(session, notice) else situation_of(notice, amounts, today=today),
        invoices=list(_invoices(notice, amounts)),
        marks=notice_marks(notice, earlier_notices(session, notice), calendar=calendar),
        clause_title=terms_in(notice.policy, locale).title_of(notice.clause),
        deliveries=deliveries_about(session, NOTICE, notice.id),
        days_to_access=(notice.access_changes_on - today).days,
        days_to_deletion=(notice.data_deleted_on - today).days,
    )


def situation_of(notice: SuspensionNotice, amounts: NoticeAmounts, *, today: date) -> Situation:
    """Where the customer stands."""
    if not notice.is_in_force:
        return Situation.ENDED
    if notice.subscription.state is SubscriptionState.SUSPENDED:
        return _while_suspended(amounts)
    if not amounts.due:
        return Situation.PAUSED if amounts.disputed else Situation.ENDED
    return Situation.WARNED if today < notice.access_changes_on else Situation.ANY_DAY


def _while_suspended(amounts: NoticeAmounts) -> Situation:
    if amounts.due:
        return Situation.SUSPENDED
    return Situation.CONTESTED if amounts.disputed else Situation.PAID


def _invoices(notice: SuspensionNotice, amounts: NoticeAmounts) -> Iterator[NoticedInvoice]:
    for part in notice.invoices:
        stated = Money(part.amount_minor, notice.currency)
        yield NoticedInvoice(part.invoice, stated, amounts.balances[part.invoice_id])
