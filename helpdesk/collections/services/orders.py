"""Having Partner Center suspend or reactivate: ordered, looked at again, carried out, seen, and only then recorded.

Source of the procedure: `docs/partner-center.md`. The network is never asked inside a transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.collections.models import (
    CaseState,
    OrderGoal,
    OrderState,
    PartnerCenterOrder,
    SuspensionCase,
    SuspensionReason,
)
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.cases import CaseCannotMove, OrderIsOpen
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.services.cases import confirm_reactivation, confirm_suspension
from helpdesk.collections.services.desk_mails import tell_order_failed
from helpdesk.db import writing
from helpdesk.errors import DomainError
from helpdesk.partner_center.errors import NotSeenYet, PartnerCenterError, Throttled, Unreachable
from helpdesk.partner_center.ports import PartnerCenter

log = structlog.get_logger(__name__)
LEASE: Final = timedelta(minutes=15)
"""So long one worker has an order for itself."""
TRIES: Final = 8


def order_change(session: Session, case: SuspensionCase, *, by: User, now: datetime) -> PartnerCenterOrder:
    """Have an approved suspension, or an asked-for reactivation, done through the API.

    Raises `CaseCannotMove`, `OrderIsOpen`.
    """
    goal = _goal_of(case)
    if goal is None:
        raise CaseCannotMove
    if order_of(session, case, waiting=True) is not None:
        raise OrderIsOpen
    order = PartnerCenterOrder(
        case_id=case.id, goal=goal, request_id=str(uuid.uuid4()), asked_at=now, asked_by_id=by.id, next_try_at=now
    )
    session.add(order)
    session.flush()
    _note(session, order, case, "ordered", now=now)
    return order


def order_of(session: Session, case: SuspensionCase, *, waiting: bool = False) -> PartnerCenterOrder | None:
    """The newest order about a case."""
    statement = select(PartnerCenterOrder).where(PartnerCenterOrder.case_id == case.id)
    if waiting:
        statement = statement.where(PartnerCenterOrder.state == OrderState.WAITING)
    return session.scalars(statement.order_by(PartnerCenterOrder.id.desc())).first()


def _goal_of(case: SuspensionCase) -> OrderGoal | None:
    if case.state is CaseState.APPROVED:
        return OrderGoal.SUSPENDED
    return OrderGoal.ACTIVE if case.wants_reactivation else None


@dataclass(frozen=True, slots=True)
class _Claim:
    order_id: int
    tenant_id: str
    subscription_id: str
    goal: OrderGoal
    request_id: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """What Partner Center showed, or why it did not do it."""

    status: str = ""
    etag: str = ""
    problem: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    may_try_again: bool = False


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
        found = session.get_one(PartnerCenterOrder, claim.order_id)
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
    statement = (
        select(SuspensionCase)
        .where(SuspensionCase.id == order.case_id)
        .options(joinedload(SuspensionCase.customer), joinedload(SuspensionCase.subscription))
    )
    case = session.scalars(statement).one()
    order.next_try_at = now + LEASE
    if _goal_of(case) is not order.goal:
        _cancel(session, order, case, now=now)
        return None
    if order.goal is OrderGoal.SUSPENDED and case.reason is SuspensionReason.NON_PAYMENT:
        found = standings(session, now=now, calendar=calendar, customer_id=case.customer_id)
        action = next((each.action for each in found if each.subscription.id == case.subscription_id), None)
        if action is None or action.step not in {Step.CONFIRM_SUSPENSION, Step.MAKE_HEARD}:
            _cancel(session, order, case, now=now)
            return None
        if action.step is Step.MAKE_HEARD:
            return None
    order.tries += 1
    subscription = case.subscription.portal_subscription_id
    return _Claim(order.id, case.customer.tenant_id, subscription, order.goal, order.request_id)


def _cancel(session: Session, order: PartnerCenterOrder, case: SuspensionCase, *, now: datetime) -> None:
    """A payment, a dispute, a hold or somebody by hand was quicker: nothing is changed."""
    order.state, order.ended_at = OrderState.CANCELLED, now
    _note(session, order, case, "cancelled", now=now)


def _asked(client: Callable[[], PartnerCenter], claim: _Claim) -> _Answer:
    try:
        port = client()
        change = port.suspend if claim.goal is OrderGoal.SUSPENDED else port.reactivate
        remote = change(claim.tenant_id, claim.subscription_id, request_id=claim.request_id)
    except (Unreachable, Throttled) as refusal:
        return _Answer(problem=type(refusal).__name__, values=refusal.values, may_try_again=True)
    except PartnerCenterError as refusal:
        return _Answer(problem=type(refusal).__name__, values=refusal.values)
    if remote.status != claim.goal.value:
        return _Answer(problem=NotSeenYet.__name__, values={"state": remote.status}, may_try_again=True)
    return _Answer(status=remote.status, etag=remote.etag)


def _take(
    session: Session, order: PartnerCenterOrder, answer: _Answer, *, now: datetime, calendar: WorkDays | None
) -> None:
    order.problem, order.values = answer.problem, answer.values
    if answer.status:
        _seen(session, order, answer, now=now, calendar=calendar)
    elif answer.may_try_again and order.tries < TRIES:
        order.next_try_at = now + timedelta(minutes=2**order.tries)
    else:
        _failed(session, order, now=now)


def _seen(
    session: Session, order: PartnerCenterOrder, answer: _Answer, *, now: datetime, calendar: WorkDays | None
) -> None:
    """Partner Center shows the new state: now it is recorded, and the customer is told."""
    case, seen = order.case, f"status: {answer.status}, etag: {answer.etag}, request: {order.request_id}"
    order.state, order.ended_at = OrderState.DONE, now
    try:
        with session.begin_nested():
            if order.goal is OrderGoal.SUSPENDED:
                confirm_suspension(session, case, seen=seen, by=order.asked_by, now=now, calendar=calendar)
            else:
                confirm_reactivation(session, case, seen=seen, by=order.asked_by, now=now)
    except DomainError as refusal:
        log.warning("partner_center_state_not_recorded", case=case.public_id, refusal=repr(refusal))
        order.problem, order.values = "DoneButOvertaken", {"state": answer.status}
        _failed(session, order, now=now)
        return
    _note(session, order, case, "done", now=now, after={"seen": seen})


def _failed(session: Session, order: PartnerCenterOrder, *, now: datetime) -> None:
    order.state, order.ended_at = OrderState.FAILED, now
    _note(session, order, order.case, "failed", now=now, after={"problem": order.problem})
    tell_order_failed(session, order.case, number=order.id, now=now)


def _note(
    session: Session,
    order: PartnerCenterOrder,
    case: SuspensionCase,
    deed: str,
    *,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        f"partner_center.{deed}",
        object_type="suspension_case",
        object_id=case.public_id,
        actor_id=order.asked_by_id if deed == "ordered" else None,
        now=now,
        after={"goal": order.goal.value, "request": order.request_id, **(after or {})},
    )
    session.flush()
