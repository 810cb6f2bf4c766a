"""Issuing a notice, telling the customer, and acknowledging it."""

from __future__ import annotations

from collections.abc import Sequence
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
from helpdesk.collections.rules.schedule import WorkDays, access_changes_on, data_deleted_on, stage_day
from helpdesk.collections.services.ending import end
from helpdesk.collections.services.history import issued_about, notice_in_force
from helpdesk.collections.services.mails import reachable_contacts, tell_issued
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
) -> SuspensionNotice:
    """Give a customer notice of a stage about one subscription, and queue the mail to every billing contact.

    The amount is what is overdue and undisputed on the invoices that charge this subscription. An earlier notice
    in force is superseded. Raises the errors of `rules.notices.check_issue`, `PolicyNotInForce`, `NobodyReachable`.
    """
    today = day_in(subscription.customer.time_zone, now)
    if policy.published_at is None or policy.effective_from > today:
        raise rules.PolicyNotInForce
    owed = _owed(session, subscription, today=today)
    issued = issued_about(session, subscription)
    due_on = min((invoice.due_on for invoice, _ in owed), default=today)
    offsets = {each.kind: each.day_offset for each in policy.stages}
    facts = rules.Facts(
        today=today,
        amount=sum((amount for _, amount in owed), Money.zero(subscription.currency)),
        minimum=Money(policy.minimum_minor, subscription.currency),
        stage_on=stage_day(offsets, due_on, stage, calendar=calendar),
        issued=issued,
    )
    rules.check_issue(stage, facts)
    contacts = reachable_contacts(session, subscription.customer_id)
    if not contacts:
        raise rules.NobodyReachable
    access = _access(subscription, offsets, due_on, stage=stage, issued_on=today, calendar=calendar, issued=issued)
    notice = _saved(session, subscription, owed, stage=stage, policy=policy, access=access, now=now)
    session.refresh(notice)
    tell_issued(session, notice, contacts, now=now)
    return notice


def _owed(session: Session, subscription: Subscription, *, today: date) -> Owed:
    """Overdue and undisputed, on the invoices with a line of this subscription, in its currency."""
    ours = set(session.scalars(select(InvoiceLine.invoice_id).where(InvoiceLine.subscription_id == subscription.id)))
    return [
        (invoice, amount)
        for invoice, amount in overdue_undisputed(session, subscription.customer_id, today=today)
        if invoice.id in ours and invoice.currency == subscription.currency
    ]


def _access(
    subscription: Subscription,
    offsets: dict[StageKind, int],
    due_on: date,
    *,
    stage: StageKind,
    issued_on: date,
    calendar: WorkDays | None,
    issued: dict[StageKind, rules.Issued],
) -> date:
    """The first clock: the day of the suspension that happened, else the day on which one may come."""
    if subscription.suspended_at is not None:
        return day_in(subscription.customer.time_zone, subscription.suspended_at)
    promised = max((each.access_changes_on for each in issued.values()), default=None)
    return access_changes_on(offsets, due_on, stage=stage, issued_on=issued_on, calendar=calendar, promised=promised)


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
    if notice.acknowledged_at is not None:
        return
    notice.acknowledged_at, notice.acknowledged_by_id = now, by.id
    record(session, "notice.acknowledged", object_type="notice", object_id=notice.public_id, actor_id=by.id, now=now)
    session.flush()
