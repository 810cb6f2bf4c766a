"""What the clocks of the slice ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.billing.models import ChargeType, ReconciliationFile, ReconciliationRow
from helpdesk.escalations.models import CreditWatch, Escalation, EscalationState
from helpdesk.tickets.models import Ticket


def due_cases(session: Session, *, now: datetime) -> list[Escalation]:
    """Cases whose next step is due, the oldest first."""
    filed = and_(Escalation.state == EscalationState.FILED, Escalation.next_check_at <= now)
    asked = and_(Escalation.state == EscalationState.INFORMATION_REQUESTED, Escalation.information_due_at <= now)
    statement = (
        select(Escalation)
        .where(or_(filed, asked))
        .options(
            joinedload(Escalation.created_by),
            joinedload(Escalation.ticket).options(joinedload(Ticket.customer), joinedload(Ticket.owner)),
        )
        .order_by(Escalation.id)
    )
    return list(session.scalars(statement))


def watched_credits(session: Session) -> list[Escalation]:
    """Cases whose granted credit has not been seen yet."""
    watched = (CreditWatch.EXPECTED, CreditWatch.MISSING)
    customer = joinedload(Escalation.ticket).joinedload(Ticket.customer)
    statement = select(Escalation).where(Escalation.credit_watch.in_(watched)).options(customer)
    statement = statement.order_by(Escalation.answered_at, Escalation.id)
    return list(session.scalars(statement))


def matching_offset(session: Session, case: Escalation) -> ReconciliationRow | None:
    """The first Offset line item imported since the answer that gives exactly the credit and answers no other case.

    An offset is a refund with tax, so its TotalForCustomer is the credit, negative.
    """
    taken = select(Escalation.credit_row_id).where(Escalation.credit_row_id.is_not(None))
    statement = (
        select(ReconciliationRow)
        .join(ReconciliationFile, ReconciliationFile.id == ReconciliationRow.file_id)
        .where(
            ReconciliationRow.tenant_id == case.ticket.customer.tenant_id,
            ReconciliationRow.charge_type == ChargeType.OFFSET.value,
            ReconciliationRow.total_minor == -(case.credit_minor or 0),
            ReconciliationFile.imported_at > case.answered_at,
            ReconciliationRow.id.not_in(taken),
        )
        .order_by(ReconciliationRow.id)
        .limit(1)
    )
    subscriptions = _subscriptions_of(case)
    if subscriptions:
        statement = statement.where(ReconciliationRow.vnet_subscription_id.in_(subscriptions))
    return session.scalars(statement).one_or_none()


def _subscriptions_of(case: Escalation) -> set[str]:
    known = {case.subscription.vnet_subscription_id} if case.subscription else set()
    known |= {line.subscription.vnet_subscription_id for line in case.lines if line.subscription}
    return known


def files_since(session: Session, case: Escalation) -> int:
    """How many reconciliation files with rows of the customer were imported since the answer."""
    statement = (
        select(func.count(func.distinct(ReconciliationFile.id)))
        .join(ReconciliationRow, ReconciliationRow.file_id == ReconciliationFile.id)
        .where(
            ReconciliationRow.tenant_id == case.ticket.customer.tenant_id,
            ReconciliationFile.imported_at > case.answered_at,
        )
    )
    return session.scalars(statement).one()


def answered_and_explained(session: Session) -> list[Escalation]:
    """Answered cases whose customer got an explanation after the answer."""
    statement = (
        select(Escalation)
        .join(Escalation.ticket)
        .where(Escalation.state == EscalationState.ANSWERED, Ticket.explained_at >= Escalation.answered_at)
        .order_by(Escalation.id)
    )
    return list(session.scalars(statement))
