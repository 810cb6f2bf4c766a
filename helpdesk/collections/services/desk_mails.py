"""Mails to the partner's own people about collections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.collections.models import Approval, StageKind, SuspensionCase
from helpdesk.collections.queries.standings import Standing
from helpdesk.collections.rules.approvals import may_approve
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Permission, Role


def leads(session: Session) -> list[User]:
    """Who approves: the leads, or the administrators where there is no lead."""
    approving = [person for person in agents(session) if person.may(Permission.COLLECTIONS_APPROVE)]
    return [person for person in approving if person.role is Role.LEAD] or approving


def workers(session: Session) -> list[User]:
    """Who does what was approved: agents and leads."""
    return [person for person in agents(session) if person.role in {Role.AGENT, Role.LEAD}] or agents(session)


def approvers(session: Session, approval: Approval) -> list[User]:
    """Who is asked: the people of that very role, or all who may where there is nobody."""
    able = [person for person in agents(session) if may_approve(person.role, approval)]
    return [person for person in able if person.role.value == approval.value] or able


def ask_leads(session: Session, case: SuspensionCase, *, approval: Approval, now: datetime) -> None:
    """Ask who decides about a proposed suspension, except who proposed it."""
    others = [person for person in approvers(session, approval) if person.id != case.proposed_by_id]
    _about_case(session, case, "proposed", others, now=now)


def tell_approved(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that an approved suspension waits to be done by hand."""
    _about_case(session, case, "approved", workers(session), now=now)


def tell_dropped(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that an approved suspension is given up, and where it is recorded if it was done already."""
    _about_case(session, case, "dropped", workers(session), now=now, occasion=f"dropped{now.isoformat()}")


def ask_to_reactivate(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that a suspended subscription is to be switched on again."""
    _about_case(session, case, "reactivate", workers(session), now=now)


def ask_to_undo(session: Session, case: SuspensionCase, *, now: datetime) -> None:
    """Say that a subscription was suspended although something came first, and must be switched on again."""
    _about_case(session, case, "overtaken", workers(session), now=now)


def warn_of_deletion(session: Session, case: SuspensionCase, *, days: int, now: datetime) -> None:
    """Remind the partner's people that data is deleted in so many days."""
    _about_case(session, case, "deletion", workers(session), now=now, occasion=f"deletion{days}")


def tell_order_failed(session: Session, case: SuspensionCase, *, number: int, now: datetime) -> None:
    """Say that Partner Center did not do what was ordered."""
    _about_case(session, case, "order", workers(session), now=now, occasion=f"order{number}")


def ask_for_approval(session: Session, standing: Standing, *, now: datetime) -> None:
    """Ask who approves a notice that is due; once a stage."""
    approval = standing.policy.stage(standing.action.stage or StageKind.REMINDER).approval
    _about_standing(session, standing, "approval", approvers(session, approval), now=now)


def ask_for_contact(session: Session, standing: Standing, *, now: datetime) -> None:
    """Tell the leads that a stage waits because nobody at the customer can be reached; once a stage."""
    _about_standing(session, standing, "contact", leads(session), now=now)


def _about_standing(session: Session, standing: Standing, kind: str, people: Iterable[User], *, now: datetime) -> None:
    stage = standing.action.stage or StageKind.REMINDER
    subscription = standing.subscription
    payload = {
        "occasion": kind,
        "customer": subscription.customer.name,
        "product": subscription.offer_name,
        "path": f"/work/collections/{subscription.customer.public_id}",
        "data_deleted_on": "",
    }
    debt = standing.case.due_on.isoformat()
    occasion = f"{kind}:{stage.value}:{debt}"
    _queue(session, people, payload, "subscription", subscription.id, occasion=occasion, now=now)


def _about_case(
    session: Session, case: SuspensionCase, kind: str, people: Iterable[User], *, now: datetime, occasion: str = ""
) -> None:
    payload = {
        "occasion": kind,
        "customer": case.customer.name,
        "product": case.subscription.offer_name,
        "path": f"/work/collections/cases/{case.public_id}",
        "data_deleted_on": case.data_deleted_on.isoformat() if case.data_deleted_on else "",
    }
    _queue(session, people, payload, "suspension_case", case.id, occasion=occasion or kind, now=now)


def _queue(
    session: Session,
    people: Iterable[User],
    payload: dict[str, Any],
    subject_type: str,
    subject_id: int,
    *,
    occasion: str,
    now: datetime,
) -> None:
    for person in people:
        queue_mail(
            session,
            kind="collections_desk",
            recipient=person,
            subject_type=subject_type,
            subject_id=subject_id,
            group_key=f"collections:{subject_type}:{subject_id}",
            dedupe_key=f"collections_desk:{subject_type}:{subject_id}:{occasion}:{person.id}",
            payload=payload,
            now=now,
        )
