"""Making an overdue customer for the tests of collections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.billing.models import Invoice, Subscription
from helpdesk.collections.models import Approval, CollectionsPolicy, StageKind, SuspensionNotice
from helpdesk.collections.rules.policies import DEFAULT_DAYS, shipped_stages
from helpdesk.collections.services import issue_notice, publish_policy, terms_of
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line

NOTHING = Money.zero()
TERMS: dict[str, str] = terms_of("Lanhe Cloud")


def published(
    session: Session,
    *,
    now: datetime,
    effective_from: date = date(2026, 1, 1),
    days: Mapping[StageKind, int] = DEFAULT_DAYS,
    texts: Mapping[str, str] = TERMS,
    minimum: Money = NOTHING,
    graces: Mapping[StageKind, int] | None = None,
    approvals: Mapping[StageKind, Approval] | None = None,
) -> CollectionsPolicy:
    """The next version of the policy: by default the shipped terms with the usual days (3, 10, 20, 30)."""
    return publish_policy(
        session,
        effective_from=effective_from,
        stages=shipped_stages(days),
        texts=texts,
        minimum=minimum,
        graces=graces,
        approvals=approvals,
        by=None,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Debt:
    """A subscription whose invoice of 165.00 was due on the day `due_on`."""

    subscription: Subscription
    invoice: Invoice
    policy: CollectionsPolicy
    due_on: date


def add_debt(
    session: Session,
    cast: Cast,
    *,
    now: datetime,
    days_overdue: int = 20,
    approvals: Mapping[StageKind, Approval] | None = None,
) -> Debt:
    """Lanting owes 165.00 for so many days, under a policy with the usual stages (3, 10, 20, 30)."""
    due_on = now.date() - timedelta(days=days_overdue)
    subscription = add_subscription(session, cast.lanting)
    lines = [make_line(subscription=subscription)]
    invoice = add_invoice(session, cast.lanting, now=now, lines=lines, due_on=due_on, issued_on=due_on - timedelta(30))
    policy = published(session, now=now, approvals=approvals)
    return Debt(subscription, invoice, policy, due_on)


def issue_up_to(session: Session, debt: Debt, last: StageKind, *, now: datetime) -> SuspensionNotice:
    """Issue every stage up to `last`, each on its day."""
    notice = None
    for stage in debt.policy.stages:
        on = now - timedelta(days=(now.date() - debt.due_on).days - stage.day_offset)
        notice = issue_notice(session, debt.subscription, stage=stage.kind, policy=debt.policy, now=on)
        if stage.kind is last:
            break
    assert notice is not None
    return notice
