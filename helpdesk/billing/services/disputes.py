"""Opening and closing a dispute of a line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Dispute, DisputeState, InvoiceLine, LedgerEntry, LedgerKind
from helpdesk.billing.rules.disputes import DisputeAlreadyOpen, check_close, check_dispute, credit_of, disputable
from helpdesk.billing.rules.invoices import day_in
from helpdesk.money import Money


def disputable_amount(session: Session, line: InvoiceLine) -> Money:
    """What can still be disputed on a line: its total less open disputes and granted credits."""
    currency = line.invoice.currency
    return disputable(
        line.total,
        disputed=Money(_open_minor(session, line), currency),
        credited=Money(_credited_minor(session, line), currency),
    )


def _open_minor(session: Session, line: InvoiceLine) -> int:
    statement = select(func.coalesce(func.sum(Dispute.amount_minor), 0))
    return int(session.scalars(statement.where(Dispute.line_id == line.id, Dispute.state == DisputeState.OPEN)).one())


def _credited_minor(session: Session, line: InvoiceLine) -> int:
    statement = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)).join(
        Dispute, Dispute.id == LedgerEntry.dispute_id
    )
    return int(session.scalars(statement.where(Dispute.line_id == line.id)).one())


def open_dispute(
    session: Session, line: InvoiceLine, *, amount: Money | None, reason: str, by: User, now: datetime
) -> Dispute:
    """Dispute a line, or `amount` of it; from now on that amount is not overdue. None means all that can be.

    Raises the errors of `rules.disputes.check_dispute`.
    """
    is_open = bool(_open_minor(session, line))
    largest = disputable_amount(session, line)
    agreed = check_dispute(amount, status=line.invoice.status, largest=largest, is_open=is_open)
    dispute = _added_alone(session, line, amount=agreed, reason=reason.strip(), by=by, now=now)
    _note(session, "dispute.opened", dispute, by=by, now=now, after={"amount": str(agreed), "line": line.public_id})
    return dispute


def _added_alone(
    session: Session, line: InvoiceLine, *, amount: Money, reason: str, by: User, now: datetime
) -> Dispute:
    """Save it; the database lets only one open dispute stand on a line, whoever came at the same moment."""
    try:
        with session.begin_nested():
            dispute = Dispute(line=line, amount_minor=amount.minor, reason=reason, opened_by=by, opened_at=now)
            session.add(dispute)
    except IntegrityError as error:
        session.expire(line, ["disputes"])
        raise DisputeAlreadyOpen from error
    return dispute


def close_dispute(
    session: Session,
    dispute: Dispute,
    *,
    outcome: DisputeState,
    by: User,
    now: datetime,
    credit: Money | None = None,
) -> Dispute:
    """End a dispute; granted books a credit, all of the disputed amount unless `credit` says a part.

    Raises `DisputeAlreadyClosed`, `CreditNotPossible`.
    """
    session.flush()
    session.refresh(dispute, with_for_update=True)
    check_close(dispute.state, outcome)
    given = credit_of(outcome, disputed=dispute.amount, credit=credit)
    dispute.state, dispute.closed_at, dispute.closed_by_id = outcome, now, by.id
    if given is not None:
        _credit(session, dispute, given, by=by, now=now)
    after = {"state": outcome.value, "credit": str(given) if given else None}
    _note(session, f"dispute.{outcome.value}", dispute, by=by, now=now, after=after)
    session.flush()
    return dispute


def _credit(session: Session, dispute: Dispute, amount: Money, *, by: User, now: datetime) -> None:
    invoice = dispute.line.invoice
    entry = LedgerEntry(
        invoice=invoice,
        kind=LedgerKind.CREDIT,
        amount_minor=amount.minor,
        on=day_in(invoice.customer.time_zone, now),
        reference=dispute.line.description[:120],
        dispute_id=dispute.id,
        recorded_by_id=by.id,
        recorded_at=now,
    )
    session.add(entry)


def _note(
    session: Session, action: str, dispute: Dispute, *, by: User, now: datetime, after: dict[str, str | None]
) -> None:
    record(
        session, action, object_type="dispute", object_id=dispute.public_id, actor_id=by.id, now=now, after=dict(after)
    )
