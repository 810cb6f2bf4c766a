"""The mail that carries a notice to the customer's billing contacts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.services.history import NOTICE
from helpdesk.notifications.services import queue_mail


def tell(session: Session, notice: SuspensionNotice, contacts: Iterable[User], *, now: datetime) -> None:
    """Queue one mail to each contact, in their language."""
    session.refresh(notice)
    payload = notice_payload(notice)
    for contact in contacts:
        queue_mail(
            session,
            kind="notice_issued",
            recipient=contact,
            subject_type=NOTICE,
            subject_id=notice.id,
            group_key=f"notices:{notice.subscription_id}",
            dedupe_key=f"notice:{notice.public_id}:{contact.id}",
            payload=payload,
            now=now,
        )


def notice_payload(notice: SuspensionNotice) -> dict[str, Any]:
    """What the mail says, as plain values."""
    stated = notice.amount_stated
    return {
        "url": f"/notices/{notice.public_id}",
        "ics_url": f"/notices/{notice.public_id}/dates.ics",
        "policy_url": f"/policy/{notice.policy.version}",
        "paid_url": f"/tickets/new?topic=payment_made&notice={notice.public_id}",
        "product": notice.subscription.offer_name,
        "seats": notice.subscription.seats,
        "customer": notice.customer.name,
        "stage": notice.stage.value,
        "suspended": notice.subscription.suspended_at is not None,
        "amount": [stated.minor, stated.currency],
        "access_changes_on": notice.access_changes_on.isoformat(),
        "data_deleted_on": notice.data_deleted_on.isoformat(),
        "clause": notice.clause,
        "version": notice.policy.version,
        "invoices": [
            {
                "number": part.invoice.number,
                "url": f"/invoices/{part.invoice.number}",
                "due_on": part.invoice.due_on.isoformat(),
                "amount": [part.amount_minor, notice.currency],
            }
            for part in notice.invoices
        ],
    }
