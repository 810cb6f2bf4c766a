"""What an agent may choose from at the gate: this ticket's and this customer's things alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.kb.models import Article, ArticleTranslation, Status
from helpdesk.permissions import STAFF_ROLES
from helpdesk.tickets.models import Attachment, Ticket, TicketMessage

_NEWEST_INVOICES: Final = 2
"""How many are offered to a ticket that names none: the charge, and the one that corrects it."""


@dataclass(frozen=True, slots=True)
class GateChoices:
    """Lines, subscriptions, files, messages and articles to choose from."""

    lines: list[InvoiceLine]
    subscriptions: list[Subscription]
    attachments: list[Attachment]
    notes: list[TicketMessage]
    articles: list[tuple[Article, str]]


def gate_choices(session: Session, ticket: Ticket, *, locale: str) -> GateChoices:
    """Gather what belongs to the ticket, in a constant number of statements; articles by their title in `locale`."""
    subscriptions = (
        select(Subscription).where(Subscription.customer_id == ticket.customer_id).order_by(Subscription.offer_name)
    )
    attachments = (
        select(Attachment)
        .join(Attachment.message)
        .options(joinedload(Attachment.message))
        .where(TicketMessage.ticket_id == ticket.id)
        .order_by(Attachment.id)
    )
    notes = (
        select(TicketMessage)
        .join(TicketMessage.author)
        .options(joinedload(TicketMessage.author))
        .where(TicketMessage.ticket_id == ticket.id, User.role.in_(STAFF_ROLES))
        .order_by(TicketMessage.id)
    )
    return GateChoices(
        lines=_lines_of(session, ticket),
        subscriptions=list(session.scalars(subscriptions)),
        attachments=list(session.scalars(attachments)),
        notes=list(session.scalars(notes)),
        articles=_articles(session, locale),
    )


def _lines_of(session: Session, ticket: Ticket) -> list[InvoiceLine]:
    """The ticket's own lines, the disputed one, the rest of their invoices; else those of the newest invoices."""
    own = {line.id for line in ticket.lines} | ({ticket.dispute.line_id} if ticket.dispute else set())
    invoices = {line.invoice_id for line in ticket.lines} | ({ticket.invoice_id} if ticket.invoice_id else set())
    if ticket.dispute:
        invoices.add(ticket.dispute.line.invoice_id)
    newest = (
        select(Invoice.id)
        .where(Invoice.customer_id == ticket.customer_id)
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(_NEWEST_INVOICES)
    )
    statement = (
        select(InvoiceLine)
        .options(
            joinedload(InvoiceLine.invoice),
            joinedload(InvoiceLine.reconciliation_row),
            joinedload(InvoiceLine.subscription),
        )
        .where(InvoiceLine.invoice_id.in_(invoices or newest))
    )
    lines = session.scalars(statement).all()
    return sorted(lines, key=lambda line: (line.id not in own, line.invoice_id, line.position))


def _articles(session: Session, locale: str) -> list[tuple[Article, str]]:
    statement = (
        select(ArticleTranslation)
        .options(joinedload(ArticleTranslation.article))
        .where(ArticleTranslation.status == Status.PUBLISHED, ArticleTranslation.locale.in_({locale, "en"}))
    )
    found: dict[int, tuple[Article, str]] = {}
    for translation in sorted(session.scalars(statement), key=lambda each: each.locale == locale):
        found[translation.article_id] = (translation.article, translation.title)
    return sorted(found.values(), key=lambda pair: pair[1])
