"""Proofs of payment: sent by the customer, accepted or declined by us."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.audit.services import record
from helpdesk.billing.models import Invoice, PaymentProof, ProofState
from helpdesk.billing.queries.balances import balances_of
from helpdesk.billing.rules.proofs import ProofWaiting, ReasonMissing, check_decision, check_proof, hold_ends
from helpdesk.billing.services.payments import record_payment
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.money import Money
from helpdesk.notifications.services import queue_mail


def send_proof(
    session: Session,
    invoice: Invoice,
    *,
    file: CheckedFile,
    amount: Money,
    paid_on: date,
    reference: str,
    hold_days: int,
    store: FileStore,
    by: User,
    now: datetime,
) -> PaymentProof:
    """Take a bank slip for an invoice; while it waits, at most `hold_days`, nothing is suspended over the invoice.

    Raises the errors of `rules.proofs.check_proof`.
    """
    balance = balances_of(session, [invoice.id])[invoice.id]
    earlier = list(session.scalars(select(PaymentProof).where(PaymentProof.invoice_id == invoice.id)))
    waiting = any(proof.state is ProofState.WAITING for proof in earlier)
    check_proof(
        amount, status=invoice.status, outstanding=balance.outstanding, waiting=waiting, paid_on=paid_on, now=now
    )
    store.put(file)
    declined = [proof.sent_at for proof in earlier if proof.state is ProofState.DECLINED]
    proof = PaymentProof(
        invoice=invoice,
        amount_minor=amount.minor,
        paid_on=paid_on,
        reference=reference.strip()[:120],
        filename=file.filename,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        hold_until=hold_ends(now, days=hold_days, held_since=min(declined, default=None)),
        sent_by=by,
        sent_at=now,
    )
    _add_alone(session, proof)
    _note(session, "sent", proof, by=by, now=now)
    return proof


def _add_alone(session: Session, proof: PaymentProof) -> None:
    """Save it; the database lets one proof wait on an invoice, whoever came at the same moment."""
    try:
        with session.begin_nested():
            session.add(proof)
    except IntegrityError as error:
        raise ProofWaiting from error


def accept_proof(
    session: Session,
    proof: PaymentProof,
    *,
    amount: Money,
    on: date,
    reference: str,
    by: User,
    now: datetime,
    most: Money | None = None,
) -> None:
    """Book what has come in, at most `most`, and tell the customer. Raises `ProofDecided` and as booking does."""
    _decide(session, proof, ProofState.ACCEPTED, by=by, now=now)
    proof.entry = record_payment(
        session, proof.invoice, amount=amount, on=on, reference=reference, by=by, now=now, most=most
    )
    session.flush()
    _tell(session, proof, "proof_accepted", now=now, booked=amount)
    _note(session, "accepted", proof, by=by, now=now)


def decline_proof(session: Session, proof: PaymentProof, *, reason: str, by: User, now: datetime) -> None:
    """End the hold, and tell the customer why. Raises `ProofDecided`, `ReasonMissing`."""
    words = " ".join(reason.split())[:1000]
    if not words:
        raise ReasonMissing
    _decide(session, proof, ProofState.DECLINED, by=by, now=now)
    proof.reason = words
    session.flush()
    _tell(session, proof, "proof_declined", now=now)
    _note(session, "declined", proof, by=by, now=now)


def _decide(session: Session, proof: PaymentProof, state: ProofState, *, by: User, now: datetime) -> None:
    session.flush()
    session.execute(select(PaymentProof.id).where(PaymentProof.id == proof.id).with_for_update())
    session.refresh(proof, ["state"])
    check_decision(proof.state, state)
    proof.state, proof.decided_by, proof.decided_at = state, by, now


def _tell(session: Session, proof: PaymentProof, kind: str, *, now: datetime, booked: Money | None = None) -> None:
    """Mail the sender and the organisation's billing contacts, each once."""
    invoice = proof.invoice
    people = {person.id: person for person in [proof.sent_by, *billing_contacts_of(session, invoice.customer_id)]}
    amount = booked or proof.amount
    for person in people.values():
        queue_mail(
            session,
            kind=kind,
            recipient=person,
            subject_type="payment_proof",
            subject_id=proof.id,
            group_key=f"payment_proof:{proof.public_id}",
            dedupe_key=f"{kind}:{proof.public_id}:{person.id}",
            payload={
                "number": invoice.number,
                "path": f"/invoices/{invoice.number}",
                "amount": [amount.minor, amount.currency],
                "reason": proof.reason,
            },
            now=now,
        )


def _note(session: Session, deed: str, proof: PaymentProof, *, by: User, now: datetime) -> None:
    after = {"invoice": proof.invoice.number, "amount": str(proof.amount), "reason": proof.reason}
    record(
        session,
        f"payment_proof.{deed}",
        object_type="payment_proof",
        object_id=proof.public_id,
        actor_id=by.id,
        now=now,
        after=after,
    )
