"""Issuing a notice, telling the customer, and acknowledging it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.billing.queries import overdue_undisputed
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import (
    CollectionsPolicy,
    NoticeInvoice,
    NoticeState,
    StageKind,
    SuspensionNotice,
)
from helpdesk.collections.rules import notices as rules
from helpdesk.collections.rules.schedule import WorkDays, access_changes_on, data_deleted_on, first_day, later_by
from helpdesk.collections.services.ending import end
from helpdesk.collections.services.history import notice_in_force, said_about
from helpdesk.collections.services.mails import reachable_contacts, tell_issued
from helpdesk.db import locked
from helpdesk.money import Money

Owed = Sequence[tuple[Invoice, Money]]


def issue_notice(
    session: Session,
    subscription: Subscription,
    *,
    stage: StageKind,
    policy: CollectionsPolicy,
    now: datetime,
    calendar: WorkDays | None = None,
    extra_days: int = 0,
    approved_by: User | None = None,
) -> SuspensionNotice:
    """Give a customer notice of a stage about one subscription, and queue the mail to every billing contact.

    The amount is what is overdue and undisputed on the invoices that charge this subscription. An earlier notice
    in force is superseded. `extra_days` come from an exception for this customer; `approved_by` is who approved it,
    where the policy asks for that. Raises the errors of
    `rules.notices.check_issue`, `PolicyNotInForce`, `NobodyReachable`.
    """
    today = day_in(subscription.customer.time_zone, now)
    if policy.published_at is None or policy.effective_from > today:
        raise rules.PolicyNotInForce
    owed = _owed(session, subscription, today=today)
    said = said_about(session, subscription, {invoice.id: invoice.due_on for invoice, _ in owed})
    dates = _Dates(policy, said.due_on or today, said.told, calendar, extra_days)
    facts = rules.Facts(
        today=today,
        amount=sum((amount for _, amount in owed), Money.zero(subscription.currency)),
        minimum=Money(policy.minimum_minor, subscription.currency),
        first_day=dates.first_day(stage),
        issued=said.told,
    )
    rules.check_issue(stage, facts)
    contacts = reachable_contacts(session, subscription.customer_id)
    if not contacts:
        raise rules.NobodyReachable
    access = _suspended_on(subscription) or dates.access_changes_on(stage, issued_on=today)
    notice = _saved(session, subscription, owed, stage=stage, policy=policy, access=access, now=now)
    if approved_by is not None:
        _approve(session, notice, by=approved_by, now=now)
    session.refresh(notice)
    tell_issued(session, notice, contacts, now=now)
    return notice


def _approve(session: Session, notice: SuspensionNotice, *, by: User, now: datetime) -> None:
    notice.approved_at, notice.approved_by_id = now, by.id
    record(session, "notice.approved", object_type="notice", object_id=notice.public_id, actor_id=by.id, now=now)
    session.flush()


@dataclass(frozen=True, slots=True)
class _Dates:
    """The policy's days for one debt, after what was said of it before."""

    policy: CollectionsPolicy
    due_on: date
    issued: Mapping[StageKind, rules.Issued]
    calendar: WorkDays | None
    extra_days: int = 0

    @property
    def offsets(self) -> dict[StageKind, int]:
        return later_by(self.policy.offsets, self.extra_days)

    @property
    def promised(self) -> date | None:
        return max((each.access_changes_on for each in self.issued.values()), default=None)

    def first_day(self, stage: StageKind) -> date:
        given = {kind: each.on for kind, each in self.issued.items()}
        return first_day(self.offsets, self.due_on, stage, given=given, promised=self.promised, calendar=self.calendar)

    def access_changes_on(self, stage: StageKind, *, issued_on: date) -> date:
        return access_changes_on(
            self.offsets,
            self.due_on,
            stage=stage,
            issued_on=issued_on,
            calendar=self.calendar,
            promised=self.promised,
        )


def _suspended_on(subscription: Subscription) -> date | None:
    """The day of the suspension that happened, if one did."""
    if subscription.suspended_at is None:
        return None
    return day_in(subscription.customer.time_zone, subscription.suspended_at)


def _owed(session: Session, subscription: Subscription, *, today: date) -> Owed:
    """Overdue and undisputed, on the invoices with a line of this subscription, in its currency."""
    ours = set(session.scalars(select(InvoiceLine.invoice_id).where(InvoiceLine.subscription_id == subscription.id)))
    return [
        (invoice, amount)
        for invoice, amount in overdue_undisputed(session, subscription.customer_id, today=today)
        if invoice.id in ours and invoice.currency == subscription.currency
    ]


def _saved(
    session: Session,
    subscription: Subscription,
    owed: Owed,
    *,
    stage: StageKind,
    policy: CollectionsPolicy,
    access: date,
    now: datetime,
) -> SuspensionNotice:
    before = notice_in_force(session, subscription.id)
    if before is not None:
        end(session, before, NoticeState.SUPERSEDED, by=None, now=now)
    notice = SuspensionNotice(
        customer_id=subscription.customer_id,
        subscription_id=subscription.id,
        policy_id=policy.id,
        stage=stage,
        clause=policy.stage(stage).clause,
        issued_at=now,
        access_changes_on=access,
        data_deleted_on=data_deleted_on(access),
        currency=subscription.currency,
    )
    try:
        with session.begin_nested():
            session.add(notice)
            session.flush()
            session.add_all(
                NoticeInvoice(notice_id=notice.id, invoice_id=invoice.id, amount_minor=amount.minor)
                for invoice, amount in owed
            )
    except IntegrityError as error:
        raise rules.StageIssuedBefore from error
    record(
        session,
        "notice.issued",
        object_type="notice",
        object_id=notice.public_id,
        actor_id=None,
        now=now,
        after={"stage": stage.value, "access_changes_on": access.isoformat(), "policy": policy.version},
    )
    return notice


def acknowledge(session: Session, notice: SuspensionNotice, *, by: User, now: datetime) -> None:
    """Note that somebody at the customer has read the notice; the first one counts, and no clock stops."""
    locked(session, notice)
    if notice.acknowledged_at is not None:
        return
    notice.acknowledged_at, notice.acknowledged_by_id = now, by.id
    record(session, "notice.acknowledged", object_type="notice", object_id=notice.public_id, actor_id=by.id, now=now)
    session.flush()
