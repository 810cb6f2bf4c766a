"""Proofs of payment as one person may see them, and the holds that they put."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, PaymentProof, ProofState
from helpdesk.billing.queries.invoices import visible


def proofs_visible_to(user: User) -> Select[PaymentProof]:
    """Select the proofs of the invoices that `user` may see, each with invoice, customer and people."""
    return (
        select(PaymentProof)
        .join(PaymentProof.invoice)
        .options(
            contains_eager(PaymentProof.invoice).joinedload(Invoice.customer),
            joinedload(PaymentProof.sent_by),
            joinedload(PaymentProof.decided_by),
        )
        .where(visible(user))
    )


def proof_visible(session: Session, user: User, public_id: str) -> PaymentProof | None:
    """One proof."""
    return session.scalars(proofs_visible_to(user).where(PaymentProof.public_id == public_id)).one_or_none()


def proofs_of(session: Session, user: User, invoice: Invoice) -> list[PaymentProof]:
    """The proofs of one invoice, the newest first."""
    statement = proofs_visible_to(user).where(PaymentProof.invoice_id == invoice.id)
    return list(session.scalars(statement.order_by(PaymentProof.id.desc())))


def waiting_proofs(session: Session, user: User) -> list[PaymentProof]:
    """What is to be decided, the oldest first."""
    statement = proofs_visible_to(user).where(PaymentProof.state == ProofState.WAITING)
    return list(session.scalars(statement.order_by(PaymentProof.sent_at, PaymentProof.id).limit(200)))


def decided_proofs(session: Session, user: User, *, limit: int = 20) -> list[PaymentProof]:
    """What was decided last."""
    statement = proofs_visible_to(user).where(PaymentProof.state != ProofState.WAITING)
    return list(session.scalars(statement.order_by(PaymentProof.decided_at.desc(), PaymentProof.id).limit(limit)))


def counted_waiting() -> Select[int]:
    """Count the proofs that wait for a decision."""
    return select(func.count()).select_from(PaymentProof).where(PaymentProof.state == ProofState.WAITING)


def waiting_count(session: Session) -> int:
    """How many proofs wait."""
    return session.scalars(counted_waiting()).one()


def holds_of(session: Session, invoice_ids: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """Until when each of the invoices is held by a proof of payment that nobody has looked at; one statement.

    While an invoice is held nothing may be suspended over it. Invoices without a hold are left out.
    """
    wanted = list(invoice_ids)
    if not wanted:
        return {}
    statement = select(PaymentProof.invoice_id, PaymentProof.hold_until).where(
        PaymentProof.invoice_id.in_(wanted), PaymentProof.state == ProofState.WAITING, PaymentProof.hold_until > now
    )
    return {row.invoice_id: row.hold_until for row in session.execute(statement)}


def is_on_hold(session: Session, invoice: Invoice, *, now: datetime) -> bool:
    """Whether a proof of payment keeps the suspension clock of an invoice still."""
    return invoice.id in holds_of(session, [invoice.id], now=now)
