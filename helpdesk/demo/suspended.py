"""Suspensions of the demonstration that no unpaid invoice caused: one for misuse, one that the customer asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Subscription
from helpdesk.collections.models import SuspensionReason
from helpdesk.collections.services import approve_suspension, confirm_suspension, propose_suspension
from helpdesk.demo.bills import noon
from helpdesk.demo.mailroom import mails_arrive
from helpdesk.demo.people import ORGANISATIONS


@dataclass(frozen=True, slots=True)
class _Story:
    slug: str
    reason: SuspensionReason
    explanation: str
    seen: str
    days_ago: int


_STORIES: Final = (
    _Story(
        "towa",
        SuspensionReason.MISUSE,
        "21Vianet reports mass mails from stolen mailboxes of this subscription. We look into it with the customer.",
        "Status in Partner Center: suspended (fraud or misuse).",
        6,
    ),
    _Story(
        "qiming",
        SuspensionReason.CUSTOMER_REQUEST,
        "Luo Yan asked for it by mail: the project rests until the new year.",
        "Status in Partner Center: suspended.",
        25,
    ),
)


def load_suspensions(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Each is proposed by the agent, approved by the lead, and recorded in the afternoon of its day."""
    agent, lead = people["tom.becker@partner.example"], people["mei.lin@partner.example"]
    for story in _STORIES:
        at = noon((now - timedelta(days=story.days_ago)).date())
        subscription = _smallest_subscription(session, story.slug)
        case = propose_suspension(
            session, subscription, reason=story.reason, explanation=story.explanation, by=agent, now=at
        )
        approve_suspension(session, case, by=lead, now=at + timedelta(hours=1))
        confirm_suspension(session, case, seen=story.seen, by=agent, now=at + timedelta(hours=2))
    mails_arrive(session)


def _smallest_subscription(session: Session, slug: str) -> Subscription:
    """The smallest one of the customer."""
    tenant = next(each.tenant_id for each in ORGANISATIONS if each.slug == slug)
    statement = (
        select(Subscription)
        .join(Customer, Customer.id == Subscription.customer_id)
        .where(Customer.tenant_id == tenant)
        .order_by(Subscription.seats, Subscription.id)
        .limit(1)
    )
    return session.scalars(statement).one()
