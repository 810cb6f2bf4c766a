"""Mails about a case, to the partner's own people alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.escalations.models import Escalation
from helpdesk.money import Money
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Permission, Role


def leads(session: Session) -> list[User]:
    """Who approves and is told of what is late: the leads, or the administrators where there is no lead."""
    approving = [person for person in agents(session) if person.may(Permission.ESCALATIONS_APPROVE)]
    return [person for person in approving if person.role is Role.LEAD] or approving


def ask_for_approval(session: Session, escalation: Escalation, *, now: datetime) -> None:
    """Ask the leads to look at a case before it is handed over; a new packet asks again."""
    others = [lead for lead in leads(session) if lead.id != escalation.created_by_id]
    _mail(session, escalation, "escalation_approval", others, occasion=str(escalation.packet.revision), now=now)


def tell_approved(session: Session, escalation: Escalation, *, now: datetime) -> None:
    """Tell who prepared the case that it can go."""
    revision = str(escalation.packet.revision)
    _mail(session, escalation, "escalation_approved", [escalation.created_by], occasion=revision, now=now)


def tell_sent_back(session: Session, escalation: Escalation, *, by: User, now: datetime) -> None:
    """Tell who prepared the case what the lead wants mended."""
    extra: dict[str, Any] = {"note": escalation.approval_note, "by": by.name}
    occasion = now.isoformat(timespec="seconds")
    _mail(session, escalation, "escalation_sent_back", [escalation.created_by], occasion=occasion, now=now, extra=extra)


def remind(session: Session, escalation: Escalation, people: Iterable[User], *, now: datetime) -> None:
    """Remind each person once of a step that is due; a new due date reminds anew."""
    due = escalation.due_at.isoformat() if escalation.due_at else ""
    _mail(session, escalation, "escalation_follow_up", people, occasion=due, now=now)


def tell_credit(session: Session, escalation: Escalation, *, now: datetime) -> None:
    """Tell the owner that the granted credit came, or that it should have come by now."""
    watch = escalation.credit_watch.value if escalation.credit_watch else ""
    extra = {"watch": watch, "credit": _plain(escalation.credit)}
    _mail(session, escalation, "escalation_credit", [escalation.owner], occasion=watch, now=now, extra=extra)


def _plain(amount: Money | None) -> dict[str, Any] | None:
    return None if amount is None else {"minor": amount.minor, "currency": amount.currency}


def _mail(
    session: Session,
    escalation: Escalation,
    kind: str,
    recipients: Iterable[User],
    *,
    occasion: str,
    now: datetime,
    extra: dict[str, Any] | None = None,
) -> None:
    payload = {
        "ref": escalation.ticket.ref,
        "subject": escalation.ticket.subject,
        "customer": escalation.ticket.customer.name,
        "amount": _plain(escalation.amount),
        "request_number": escalation.request_number or "",
        "state": escalation.state.value,
        "due_at": escalation.due_at.isoformat() if escalation.due_at else "",
        "owner": escalation.owner.name,
        "path": f"/work/escalations/{escalation.public_id}",
        **(extra or {}),
    }
    for person in recipients:
        queue_mail(
            session,
            kind=kind,
            recipient=person,
            subject_type="escalation",
            subject_id=escalation.id,
            group_key=f"escalation:{escalation.id}",
            dedupe_key=f"{kind}:{escalation.id}:{occasion}:{person.id}",
            payload=payload,
            now=now,
        )
