"""Subscriptions as one person may see them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.permissions import Permission
from helpdesk.web.pagination import Page

_ENDED = sa.case((Subscription.state.in_([SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED]), 0), else_=1)


def subscriptions_visible_to(user: User) -> Select[Subscription]:
    """Select the subscriptions that `user` may see: staff all, a customer's people their organisation's."""
    statement = select(Subscription)
    if user.may(Permission.CUSTOMERS_SEE):
        return statement
    if not user.may(Permission.PORTAL_USE) or user.customer_id is None:
        return statement.where(sa.false())
    return statement.where(Subscription.customer_id == user.customer_id)


def subscription_visible(session: Session, user: User, public_id: str) -> Subscription | None:
    """One subscription with its customer."""
    statement = subscriptions_visible_to(user).where(Subscription.public_id == public_id)
    return session.scalars(statement.options(joinedload(Subscription.customer))).one_or_none()


def subscriptions_page(
    session: Session, user: User, *, after: int = 0, customer: str | None = None, size: int = 50
) -> Page[Subscription]:
    """Subscriptions, those in use first, by id; one statement. `after` is how many came before."""
    skipped = max(0, min(after, 100_000))
    statement = (
        subscriptions_visible_to(user)
        .options(joinedload(Subscription.customer))
        .order_by(_ENDED, Subscription.id)
        .offset(skipped)
        .limit(size + 1)
    )
    if customer:
        statement = statement.where(Subscription.customer.has(Customer.public_id == customer))
    rows = session.scalars(statement).all()
    return Page(rows[:size], str(skipped + size) if len(rows) > size else None)
