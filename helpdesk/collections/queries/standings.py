"""Where every customer stands: policy, ledger, disputes, holds, deliveries and calendar, put before the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, Subscription, SubscriptionState
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import (
    Approval,
    CollectionsHold,
    CollectionsPolicy,
    StageKind,
    SuspensionCase,
    SuspensionNotice,
    SuspensionReason,
)
from helpdesk.collections.queries.books import Books, read_books
from helpdesk.collections.rules.cases import state_on_record
from helpdesk.collections.rules.engine import Action, Case, Debt, Step, next_action
from helpdesk.collections.rules.notices import said_of
from helpdesk.collections.rules.schedule import WorkDays, later_by, moved_later
from helpdesk.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """One subscription of one customer, with what is to be done next."""

    subscription: Subscription
    policy: CollectionsPolicy
    """The version in force when the oldest of the overdue invoices was issued."""
    case: Case
    action: Action
    invoices: Sequence[tuple[Invoice, InvoiceBalance]]
    """Overdue or disputed."""
    notice: SuspensionNotice | None
    """In force now."""
    suspension: SuspensionCase | None
    hold: CollectionsHold | None
    proof_hold_until: datetime | None
    extra_days: int
    contacts: Sequence[User] = field(default_factory=list)
    """Reachable billing contacts."""

    @property
    def is_unheard(self) -> bool:
        """Whether some notice reached nobody yet."""
        return any(not issued.heard for issued in self.case.told.values())


def standings(
    session: Session, *, now: datetime, calendar: WorkDays | None, customer_id: int | None = None
) -> list[Standing]:
    """Every subscription with something overdue, noticed or suspended, by customer; a constant number of statements.

    Empty while no policy is in force.
    """
    books = read_books(session, now=now, customer_id=customer_id)
    if not books.policies:
        return []
    found = [_standing(books, subscription, now=now, calendar=calendar) for subscription in books.subscriptions]
    return sorted(found, key=lambda standing: (standing.subscription.customer_id, standing.subscription.id))


def _standing(books: Books, subscription: Subscription, *, now: datetime, calendar: WorkDays | None) -> Standing:
    today = day_in(subscription.customer.time_zone, now)
    owed = books.owed_on(subscription)
    overdue = [(invoice, balance) for invoice, balance in owed if balance.is_overdue(today)]
    policy = books.policy_for([invoice.issued_on for invoice, _ in overdue], today=today)
    extra = books.extra_days(subscription.customer_id, today)
    said = said_of(books.told[subscription.id], {invoice.id: invoice.due_on for invoice, _ in overdue})
    hold = books.hold_of(subscription.customer_id, today)
    proof = books.proof_hold([invoice.id for invoice, _ in overdue])
    suspension = books.cases.get(subscription.id)
    on_record = state_on_record(subscription.state, suspension.state if suspension else None)
    case = Case(
        today=today,
        debts=[Debt(invoice.due_on, balance.due) for invoice, balance in overdue],
        disputed=sum((balance.disputed for _, balance in owed), Money.zero(subscription.currency)),
        told=said.told if overdue else {issued.stage: issued for issued, _ in books.told[subscription.id]},
        counted_from=said.due_on,
        is_reachable=bool(books.contacts.get(subscription.customer_id)),
        approved_by_people=_by_people(policy),
        is_suspended=on_record is SubscriptionState.SUSPENDED,
        held_until=_held_until(subscription, hold, proof),
    )
    action = _next_action(books, subscription, policy, case, calendar=calendar)
    return Standing(
        subscription=subscription,
        policy=policy,
        case=case,
        action=_of_reason(action, suspension),
        invoices=owed,
        notice=books.notices.get(subscription.id),
        suspension=suspension,
        hold=hold,
        proof_hold_until=proof,
        extra_days=extra,
        contacts=books.contacts.get(subscription.customer_id, []),
    )


def _next_action(
    books: Books, subscription: Subscription, policy: CollectionsPolicy, case: Case, *, calendar: WorkDays | None
) -> Action:
    """What the engine says; the day that it names counts on an exception only while that holds."""
    minimum = Money(policy.minimum_minor, subscription.currency)
    day = case.today
    while True:
        offsets = later_by(policy.offsets, books.extra_days(subscription.customer_id, day))
        action = next_action(case, offsets=offsets, minimum=minimum, calendar=calendar)
        ends = books.exception_ends(subscription.customer_id, day)
        on = max(action.on, moved_later(day, calendar)) if action.on else None
        if action.step is not Step.WAIT or on is None or ends is None or on <= ends:
            return replace(action, on=on) if action.step is Step.WAIT else action
        day = ends + timedelta(days=1)


def _by_people(policy: CollectionsPolicy) -> frozenset[StageKind]:
    return frozenset(kind for kind, approval in policy.approvals.items() if approval is not Approval.ENGINE)


def _of_reason(action: Action, suspension: SuspensionCase | None) -> Action:
    """Paying ends a suspension for non-payment only; the others wait for people."""
    for_other_reason = suspension is not None and suspension.reason is not SuspensionReason.NON_PAYMENT
    if action.step is Step.PROPOSE_REACTIVATION and for_other_reason:
        return Action(Step.WATCH_DELETION)
    return action


def _held_until(subscription: Subscription, hold: CollectionsHold | None, proof: datetime | None) -> date | None:
    days: Iterable[date] = [
        *([hold.until] if hold else []),
        *([day_in(subscription.customer.time_zone, proof)] if proof else []),
    ]
    return max(days, default=None)
