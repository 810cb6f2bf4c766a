"""Carrying an order to Partner Center out: looked at again, asked, seen, and only then recorded.

Source of the procedure: `docs/partner-center.md`. The network is never asked inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.collections.models import OrderGoal, OrderState, PartnerCenterOrder, SuspensionCase, SuspensionReason
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.services.casebook import locked_case
from helpdesk.collections.services.cases import confirm_reactivation
from helpdesk.collections.services.desk_mails import tell_order_failed
from helpdesk.collections.services.orders import goal_of, note_order, order_back
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.db import writing
from helpdesk.errors import DomainError
from helpdesk.partner_center.errors import NotSeenYet, PartnerCenterError, Throttled, Unreachable
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.shapes import RemoteSubscription

log = structlog.get_logger(__name__)
LEASE: Final = timedelta(minutes=15)
"""So long one worker has an order for itself."""
TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class _Claim:
    order_id: int
    tenant_id: str
    subscription_id: str
    goal: OrderGoal
    request_id: str
    only_looks: bool
    """Whether its reason has gone, and only the outcome of an earlier try is not known."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What Partner Center showed, or why it did not do it."""

    status: str = ""
    etag: str = ""
    problem: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    may_try_again: bool = False
    was_left: bool = False
    """Whether it was only looked at, and nothing had changed there."""


def carry_out_next(
    sessions: sessionmaker[Session],
    client: Callable[[], PartnerCenter],
    *,
    now: datetime,
    calendar_of: Callable[[Session], WorkDays | None],
) -> bool:
    """Carry the next order out that is due; says whether there was one."""
    with writing(), sessions.begin() as session:
        order = _next(session, now=now)
        if order is None:
            return False
        claim = _claimed(session, order, now=now, calendar=calendar_of(session))
    if claim is None:
        return True
    answer = _asked(client, claim)
    with writing(), sessions.begin() as session:
        found = session.get_one(PartnerCenterOrder, claim.order_id, with_for_update=True)
        if found.state is OrderState.WAITING:
            _take(session, found, answer, now=now, calendar=calendar_of(session))
    return True


def _next(session: Session, *, now: datetime) -> PartnerCenterOrder | None:
    statement = (
        select(PartnerCenterOrder)
        .where(PartnerCenterOrder.state == OrderState.WAITING, PartnerCenterOrder.next_try_at <= now)
        .order_by(PartnerCenterOrder.next_try_at, PartnerCenterOrder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).one_or_none()


def _claimed(session: Session, order: PartnerCenterOrder, *, now: datetime, calendar: WorkDays | None) -> _Claim | None:
    """Look again at everything that decides; take the order for a while, put it off, or cancel it."""
    case = locked_case(session, order.case)
    order.next_try_at = now + LEASE
    is_meant = _is_meant(session, order, case, now=now, calendar=calendar)
    if is_meant is None:
        return None
    if not is_meant and not order.tries:
        _cancel(session, order, now=now)
        return None
    order.tries += 1
    subscription = case.subscription.portal_subscription_id
    return _Claim(order.id, case.customer.tenant_id, subscription, order.goal, order.request_id, not is_meant)


def _is_meant(
    session: Session, order: PartnerCenterOrder, case: SuspensionCase, *, now: datetime, calendar: WorkDays | None
) -> bool | None:
    """Whether the order still has its reason; None while nobody has received the notice."""
    if goal_of(case) is not order.goal:
        return False
    if order.goal is OrderGoal.ACTIVE or case.reason is not SuspensionReason.NON_PAYMENT:
        return True
    found = standings(session, now=now, calendar=calendar, customer_id=case.customer_id)
    step = next((each.action.step for each in found if each.subscription.id == case.subscription_id), None)
    return None if step is Step.MAKE_HEARD and not order.tries else step is Step.CONFIRM_SUSPENSION


def _cancel(session: Session, order: PartnerCenterOrder, *, now: datetime) -> None:
    """A payment, a dispute, a hold or somebody by hand was quicker: nothing is changed."""
    order.state, order.ended_at = OrderState.CANCELLED, now
    note_order(session, order, order.case, "cancelled", now=now)


def _asked(client: Callable[[], PartnerCenter], claim: _Claim) -> _Answer:
    try:
        remote = _looked_at(client(), claim) if claim.only_looks else _changed(client(), claim)
    except (Unreachable, Throttled) as refusal:
        return _Answer(problem=type(refusal).__name__, values=refusal.values, may_try_again=True)
    except PartnerCenterError as refusal:
        return _Answer(problem=type(refusal).__name__, values=refusal.values)
    if remote is None or (claim.only_looks and remote.status != claim.goal.value):
        return _Answer(was_left=True)
    if remote.status != claim.goal.value:
        return _Answer(problem=NotSeenYet.__name__, values={"state": remote.status}, may_try_again=True)
    return _Answer(status=remote.status, etag=remote.etag)


def _changed(port: PartnerCenter, claim: _Claim) -> RemoteSubscription:
    change = port.suspend if claim.goal is OrderGoal.SUSPENDED else port.reactivate
    return change(claim.tenant_id, claim.subscription_id, request_id=claim.request_id)


def _looked_at(port: PartnerCenter, claim: _Claim) -> RemoteSubscription | None:
    return next((each for each in port.subscriptions(claim.tenant_id) if each.id == claim.subscription_id), None)


def _take(
    session: Session, order: PartnerCenterOrder, answer: _Answer, *, now: datetime, calendar: WorkDays | None
) -> None:
    order.problem, order.values = answer.problem, answer.values
    if answer.status:
        _seen(session, order, answer, now=now, calendar=calendar)
    elif answer.was_left:
        _cancel(session, order, now=now)
    elif answer.may_try_again and order.tries < TRIES:
        order.next_try_at = now + timedelta(minutes=2**order.tries)
    else:
        _failed(session, order, now=now)


def _seen(
    session: Session, order: PartnerCenterOrder, answer: _Answer, *, now: datetime, calendar: WorkDays | None
) -> None:
    """Partner Center shows the new state: now it is recorded, and the customer is told.

    What should not have happened is undone at once; where not even the record fits, people look at it.
    """
    case, seen = order.case, f"status: {answer.status}, etag: {answer.etag}, request: {order.request_id}"
    order.state, order.ended_at = OrderState.DONE, now
    try:
        with session.begin_nested():
            if order.goal is OrderGoal.SUSPENDED:
                record_suspended(session, case, seen=seen, by=order.asked_by, now=now, calendar=calendar)
            else:
                confirm_reactivation(session, case, seen=seen, by=order.asked_by, now=now)
    except DomainError as refusal:
        log.warning("partner_center_state_not_recorded", case=case.public_id, refusal=repr(refusal))
        order.problem, order.values = "DoneButOvertaken", {"state": answer.status}
        _failed(session, order, now=now)
        return
    note_order(session, order, case, "done", now=now, after={"seen": seen, "overtaken": case.was_overtaken})
    if order.goal is OrderGoal.SUSPENDED and case.was_overtaken:
        order_back(session, order, now=now)


def _failed(session: Session, order: PartnerCenterOrder, *, now: datetime) -> None:
    order.state, order.ended_at = OrderState.FAILED, now
    note_order(session, order, order.case, "failed", now=now, after={"problem": order.problem})
    tell_order_failed(session, order.case, number=order.id, now=now)
