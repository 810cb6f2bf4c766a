"""What a customer may choose from on the new-ticket page; each through billing's own visibility."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.billing.models import Dispute, DisputeState, Invoice, InvoiceLine, InvoiceStatus, Subscription
from helpdesk.billing.queries import invoices_visible_to, subscriptions_visible_to
from helpdesk.kb.models import Article

LINES_MAX: Final = 300
INVOICES_MAX: Final = 60
"""More than a year's worth; older ones are reached from their own pages."""


def lines_to_choose(session: Session, user: User, *, to_dispute: bool) -> list[InvoiceLine]:
    """Lines of issued invoices, newest invoice first, with invoice and subscription; one statement.

    With `to_dispute`, only charges that are not in dispute already.
    """
    statement = (
        sa.select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .where(
            Invoice.id.in_(invoices_visible_to(user).with_only_columns(Invoice.id).order_by(None)),
            Invoice.status == InvoiceStatus.ISSUED,
        )
        .options(joinedload(InvoiceLine.invoice), joinedload(InvoiceLine.subscription))
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc(), InvoiceLine.position)
        .limit(LINES_MAX)
    )
    if to_dispute:
        is_open = sa.exists().where(Dispute.line_id == InvoiceLine.id, Dispute.state == DisputeState.OPEN)
        statement = statement.where(InvoiceLine.total_minor > 0, ~is_open)
    return list(session.scalars(statement))


def invoices_to_choose(session: Session, user: User) -> list[Invoice]:
    """Issued invoices, newest first; one statement."""
    statement = (
        sa.select(Invoice)
        .where(
            Invoice.id.in_(invoices_visible_to(user).with_only_columns(Invoice.id).order_by(None)),
            Invoice.status == InvoiceStatus.ISSUED,
        )
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(INVOICES_MAX)
    )
    return list(session.scalars(statement))


def subscriptions_to_choose(session: Session, user: User) -> list[Subscription]:
    """Subscriptions of the customer, by product; one statement."""
    visible = subscriptions_visible_to(user).with_only_columns(Subscription.id).order_by(None)
    statement = sa.select(Subscription).where(Subscription.id.in_(visible))
    return list(session.scalars(statement.order_by(Subscription.offer_name, Subscription.id)))


def article_id_of(session: Session, slug: str) -> int | None:
    """The article a customer came from, by its address."""
    return session.scalars(sa.select(Article.id).where(Article.slug == slug)).one_or_none()
