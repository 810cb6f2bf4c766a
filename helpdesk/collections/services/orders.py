"""Having Partner Center suspend or reactivate: who orders what, and how an order ends."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.collections.models import CaseState, OrderGoal, OrderState, PartnerCenterOrder, SuspensionCase
from helpdesk.collections.rules.cases import CaseCannotMove, OrderIsOpen
from helpdesk.collections.services.casebook import locked_case


def order_change(session: Session, case: SuspensionCase, *, by: User, now: datetime) -> PartnerCenterOrder:
    """Have an approved suspension, or an asked-for reactivation, done through the API.

    Raises `CaseCannotMove`, `OrderIsOpen`.
    """
    locked_case(session, case)
    if order_of(session, case, waiting=True) is not None:
        raise OrderIsOpen
    return _ordered(session, case, "ordered", by=by, now=now)


def order_back(session: Session, order: PartnerCenterOrder, *, now: datetime) -> PartnerCenterOrder:
    """Have undone at once what an order did after its reason had gone. Raises `CaseCannotMove`."""
    return _ordered(session, order.case, "ordered_back", by=order.asked_by, now=now)


def _ordered(session: Session, case: SuspensionCase, deed: str, *, by: User, now: datetime) -> PartnerCenterOrder:
    goal = goal_of(case)
    if goal is None:
        raise CaseCannotMove
    order = PartnerCenterOrder(
        case_id=case.id, goal=goal, request_id=str(uuid.uuid4()), asked_at=now, asked_by_id=by.id, next_try_at=now
    )
    session.add(order)
    session.flush()
    note_order(session, order, case, deed, now=now)
    return order


def order_of(session: Session, case: SuspensionCase, *, waiting: bool = False) -> PartnerCenterOrder | None:
    """The newest order about a case."""
    statement = select(PartnerCenterOrder).where(PartnerCenterOrder.case_id == case.id)
    if waiting:
        statement = statement.where(PartnerCenterOrder.state == OrderState.WAITING)
    statement = statement.order_by(PartnerCenterOrder.id.desc()).execution_options(populate_existing=True)
    return session.scalars(statement).first()


def check_unasked(session: Session, case: SuspensionCase) -> None:
    """Refuse while nobody knows what Partner Center did of an order. Raises `OrderIsOpen`."""
    order = order_of(session, case, waiting=True)
    if order is not None and order.tries:
        raise OrderIsOpen


def goal_of(case: SuspensionCase) -> OrderGoal | None:
    """What Partner Center may be asked for now."""
    if case.state is CaseState.APPROVED:
        return OrderGoal.SUSPENDED
    return OrderGoal.ACTIVE if case.wants_reactivation else None


def note_order(
    session: Session,
    order: PartnerCenterOrder,
    case: SuspensionCase,
    deed: str,
    *,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down what became of an order."""
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
