"""Mails to a customer about a suspension: without a notice, and as the deletion draws near."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.collections.models import SuspensionCase
from helpdesk.collections.services.mails import reachable_contacts
from helpdesk.notifications.services import queue_mail


def tell_case_suspended(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that access changed for another reason than non-payment, and when the data is deleted."""
    _tell(session, case, "case_suspended", now=now)


def tell_case_overtaken(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that access changed although something came first, and that it is being undone."""
    _tell(session, case, "case_overtaken", now=now)


def tell_case_reactivated(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that the subscription works again."""
    _tell(session, case, "case_reactivated", now=now)


def tell_case_deleted(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that the subscription is gone with its data."""
    _tell(session, case, "case_deleted", now=now)


def remind_of_deletion(session: Session, case: SuspensionCase, *, days: int, now: datetime) -> None:
    """Remind the customer that its data is deleted in so many days."""
    _tell(session, case, "deletion_reminder", now=now, occasion=f"{days}")


def _path_of(case: SuspensionCase) -> str:
    """Where the customer reads of it: on the notice that led to it, if one did."""
    if case.notice is None or case.was_overtaken:
        return f"/suspensions/{case.public_id}"
    return f"/notices/{case.notice.public_id}"


def _tell(session: Session, case: SuspensionCase, kind: str, *, now: datetime, occasion: str = "") -> None:
    payload = {
        "product": case.subscription.offer_name,
        "customer": case.customer.name,
        "reason": case.reason.value,
        "data_deleted_on": case.data_deleted_on.isoformat() if case.data_deleted_on else "",
        "path": _path_of(case),
        "ask_path": f"/tickets/new?topic=suspension&subscription={case.subscription.public_id}",
    }
    for contact in reachable_contacts(session, case.customer_id):
        queue_mail(
            session,
            kind=kind,
            recipient=contact,
            subject_type="suspension_case",
            subject_id=case.id,
            group_key=f"notices:{case.subscription_id}",
            dedupe_key=f"{kind}:{case.public_id}:{occasion}:{contact.id}",
            payload=payload,
            now=now,
        )
