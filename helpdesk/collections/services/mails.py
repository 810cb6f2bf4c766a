"""The mails that tell a customer's billing contacts where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries import NOTICE
from helpdesk.collections.rules.clauses import anchor_of
from helpdesk.notifications.services import queue_mail


def reachable_contacts(session: Session, customer_id: int) -> list[User]:
    """A customer's billing contacts whose mail does not come back."""
    return [person for person in billing_contacts_of(session, customer_id) if person.is_reachable]


def tell_issued(
    session: Session, notice: SuspensionNotice, contacts: Iterable[User], *, now: datetime, occasion: str = ""
) -> None:
    """Send a notice; whoever has it gets it again only on a new `occasion`."""
    _tell(session, "notice_issued", notice, contacts, now=now, occasion=occasion)


def tell_suspended(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    """Say that access changed today, and when the data is deleted."""
    _tell(session, "notice_suspended", notice, reachable_contacts(session, notice.customer_id), now=now)


def tell_settled(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    """Close the loop: nothing is due on the notice any more."""
    _tell(session, "notice_settled", notice, reachable_contacts(session, notice.customer_id), now=now)


def tell_withdrawn(session: Session, notice: SuspensionNotice, *, reason: str, now: datetime) -> None:
    """Say that a notice is taken back, and why."""
    contacts = reachable_contacts(session, notice.customer_id)
    _tell(session, "notice_withdrawn", notice, contacts, now=now, reason=reason)


def tell_reactivated(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    """Close the loop: the subscription works again."""
    _tell(session, "notice_reactivated", notice, reachable_contacts(session, notice.customer_id), now=now)


def _tell(
    session: Session,
    kind: str,
    notice: SuspensionNotice,
    contacts: Iterable[User],
    *,
    now: datetime,
    reason: str = "",
    occasion: str = "",
) -> None:
    """Queue one mail to each contact, in their language; all mails about a subscription form one thread."""
    payload = notice_payload(notice) | {"reason": reason}
    for contact in contacts:
        queue_mail(
            session,
            kind=kind,
            recipient=contact,
            subject_type=NOTICE,
            subject_id=notice.id,
            group_key=f"notices:{notice.subscription_id}",
            dedupe_key=f"{kind}:{notice.public_id}:{contact.id}" + (f":{occasion}" if occasion else ""),
            payload=payload,
            now=now,
        )


def notice_payload(notice: SuspensionNotice) -> dict[str, Any]:
    """What the mails say, as plain values."""
    stated = notice.amount_stated
    return {
        "path": f"/notices/{notice.public_id}",
        "withdrawal": notice.withdrawal.value if notice.withdrawal else "in_error",
        "ics_path": f"/notices/{notice.public_id}/dates.ics",
        "policy_path": f"/policy/{notice.policy.version}#{anchor_of(notice.clause)}",
        "paid_path": f"/tickets/new?topic=payment_made&notice={notice.public_id}",
        "ask_path": f"/tickets/new?topic=suspension&notice={notice.public_id}",
        "product": notice.subscription.offer_name,
        "seats": notice.subscription.seats,
        "customer": notice.customer.name,
        "stage": notice.stage.value,
        "amount": [stated.minor, stated.currency],
        "access_changes_on": notice.access_changes_on.isoformat(),
        "data_deleted_on": notice.data_deleted_on.isoformat(),
        "clause": notice.clause,
        "version": notice.policy.version,
        "invoices": [
            {
                "number": part.invoice.number,
                "path": f"/invoices/{part.invoice.number}",
                "due_on": part.invoice.due_on.isoformat(),
                "amount": [part.amount_minor, notice.currency],
            }
            for part in notice.invoices
        ],
    }
