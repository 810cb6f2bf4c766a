"""The offers that anybody was charged or sold."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import Subscription


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that is sold."""

    offer_id: str
    name: str
    subscriptions: int


def known_offers(session: Session, *, limit: int = 500) -> list[Offer]:
    """Every offer with how many subscriptions have it, by name; one statement."""
    statement = (
        select(Subscription.offer_id, func.max(Subscription.offer_name), func.count())
        .group_by(Subscription.offer_id)
        .order_by(func.max(Subscription.offer_name))
        .limit(limit)
    )
    return [Offer(*row) for row in session.execute(statement)]
