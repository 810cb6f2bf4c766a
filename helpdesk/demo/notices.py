"""Policy and notices of the demonstration: two versions, and each overdue customer told stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.billing.queries import overdue_undisputed
from helpdesk.collections.models import CollectionsPolicy, StageKind, SuspensionNotice
from helpdesk.collections.queries import policy_in_force
from helpdesk.collections.rules.policies import CHOSEN, shipped_stages
from helpdesk.collections.rules.schedule import WorkDays, access_changes_on, first_day
from helpdesk.collections.services import (
    accept_policy,
    acknowledge,
    issue_notice,
    publish_policy,
    suspend_subscription,
    terms_of,
)
from helpdesk.config import Settings
from helpdesk.demo.bills import noon
from helpdesk.demo.mailroom import mails_arrive, mails_come_back
from helpdesk.demo.people import ORGANISATIONS, Organisation
from helpdesk.money import Money
from helpdesk.workcalendar.services import partner_calendar

_FIRST: Final = (5, 14, 25, 35)
_SECOND: Final = (3, 10, 20, 30)
"""Days of reminder, second reminder, final notice and suspension, by version."""
_FIRST_AGE: Final = 365
_SECOND_AGE: Final = 120
"""Days since each version took effect."""
_ANNOUNCED: Final = 30
"""Days from publishing a version to its taking effect."""
_JOINED: Final = 290
"""Days since the customers of the demonstration came."""
_ACCEPTED_FIRST: Final = ("wang.fang@lanting.example", "sato@sakura.example", "zhou.min@mingde.example")
_ACCEPTED_SECOND: Final = (
    "sato@sakura.example",
    "grace@harbour.example",
    "zhou.min@mingde.example",
    "suzuki@minato.example",
    "he.lin@baichuan.example",
    "amelia@greenvalley.example",
)
_READS: Final = frozenset({"mingde", "hailan", "yunshan", "baichuan"})
"""Customers whose contact acknowledges what is sent."""
_UNREACHED: Final = "minato"
"""The customer whose address is dead: its first reminder came back, and nothing went on."""
_SUSPENDED: Final = frozenset({"yunshan"})
"""Customers whose suspension a lead approved; of others it waits for one."""
_ZONE: Final = str(Settings.model_fields["partner_time_zone"].default)
_PARTNER: Final = str(Settings.model_fields["partner_name"].default)


def load_policy(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Two versions, each accepted by some billing contacts; Lanting accepted the first only."""
    publisher = people["ada.root@partner.example"]
    versions = ((_FIRST, _FIRST_AGE, _ACCEPTED_FIRST), (_SECOND, _SECOND_AGE, _ACCEPTED_SECOND))
    for days, age, accepted_by in versions:
        policy = _published(session, days, effective_from=now.date() - timedelta(days=age), by=publisher)
        for number, address in enumerate(accepted_by):
            accepted_on = now.date() - timedelta(days=min(age, _JOINED) - 3 * number)
            person = people[address]
            accept_policy(session, policy, by=person, locale=person.locale, now=noon(accepted_on))


def _published(
    session: Session, days: tuple[int, int, int, int], *, effective_from: date, by: User
) -> CollectionsPolicy:
    return publish_policy(
        session,
        effective_from=effective_from,
        stages=shipped_stages(dict(zip(CHOSEN, days, strict=True))),
        texts=terms_of(_PARTNER),
        minimum=Money.of(50),
        by=by,
        now=noon(effective_from - timedelta(days=_ANNOUNCED)),
    )


def load_notices(session: Session, *, now: datetime) -> None:
    """Give every customer with an overdue invoice each notice that is due by now, at noon of its day."""
    policy = policy_in_force(session, now.date())
    if policy is None:
        return
    customers = {customer.tenant_id: customer for customer in session.scalars(select(Customer))}
    for organisation in ORGANISATIONS:
        if organisation.overdue_days > 0:
            _told(session, organisation, customers[organisation.tenant_id], policy, now=now)


def _told(
    session: Session, organisation: Organisation, customer: Customer, policy: CollectionsPolicy, *, now: datetime
) -> None:
    overdue = overdue_undisputed(session, customer.id, today=now.date())
    if not overdue:
        return
    invoice = overdue[0][0]
    plan = _plan(policy, invoice.due_on, partner_calendar(_ZONE))
    plain = _plan(policy, invoice.due_on, None)
    told = plan if len(plan.until(now)) == len(plain.until(now)) else plain
    contact = billing_contacts_of(session, customer.id)[0]
    for kind, at in told.until(now):
        if kind is StageKind.SUSPENSION and organisation.slug not in _SUSPENDED:
            return
        given = [
            issue_notice(session, subscription, stage=kind, policy=policy, now=at, calendar=told.calendar)
            for subscription in _subscriptions(session, invoice)
        ]
        if organisation.slug == _UNREACHED:
            mails_come_back(session, contact)
            return
        mails_arrive(session)
        for notice in given:
            _after(session, organisation, notice, contact, at=at)


def _after(
    session: Session, organisation: Organisation, notice: SuspensionNotice, contact: User, *, at: datetime
) -> None:
    """Some contacts acknowledge it; a suspension is done in the afternoon."""
    if organisation.slug in _READS:
        acknowledge(session, notice, by=contact, now=at + timedelta(hours=3))
    if notice.stage is StageKind.SUSPENSION:
        _suspended(session, notice, at=at + timedelta(hours=4))
        mails_arrive(session)


def _subscriptions(session: Session, invoice: Invoice) -> list[Subscription]:
    """Those that an invoice charges, in the order of its lines."""
    statement = (
        select(Subscription)
        .join(InvoiceLine, InvoiceLine.subscription_id == Subscription.id)
        .where(InvoiceLine.invoice_id == invoice.id)
        .group_by(Subscription.id)
        .order_by(func.min(InvoiceLine.position))
    )
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The stages of one debt, each on its day; holidays must not keep a story from its stage, so there are two."""

    days: dict[StageKind, date]
    calendar: WorkDays | None

    def until(self, now: datetime) -> list[tuple[StageKind, datetime]]:
        """The stages whose noon has passed."""
        told = [(kind, noon(self.days[kind])) for kind in CHOSEN]
        return [(kind, at) for kind, at in told if at <= now]


def _plan(policy: CollectionsPolicy, due_on: date, calendar: WorkDays | None) -> _Plan:
    given: dict[StageKind, date] = {}
    promised: date | None = None
    for kind in CHOSEN:
        on = first_day(policy.offsets, due_on, kind, given=given, promised=promised, calendar=calendar)
        promised = access_changes_on(
            policy.offsets, due_on, stage=kind, issued_on=on, calendar=calendar, promised=promised
        )
        given[kind] = on
    return _Plan(given, calendar)


def _suspended(session: Session, notice: SuspensionNotice, *, at: datetime) -> None:
    """The lead suspended it in Partner Center on the afternoon of its day, and recorded it."""
    lead = session.scalars(select(User).where(User.email == "mei.lin@partner.example")).one()
    suspend_subscription(session, notice, by=lead, now=at)
