"""Words that must never reach a customer, planted wherever the partner or another customer writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.escalations.models import ContactLogEntry, Escalation
from helpdesk.intake.models import IncomingMail
from helpdesk.kb.models import Article, ArticleDraft, ArticleTranslation
from helpdesk.kb.services.indexing import index_translation
from helpdesk.tickets.models import Macro, MessageKind, Ticket, TicketMessage, TicketTag

HOUSE: Final = "KANARIHAUS"
"""Of the partner alone: notes, the 21Vianet side thread, macros, tags, internal articles, mail received."""
FOREIGN: Final = "KANARIFREMD"
"""Of every customer but 兰亭设计: names, people, tickets, invoices, subscriptions."""


THREAD: Final = "KANARIDRAHT"
"""Of the thread with 21Vianet alone; its packets hold some of it, no customer's mail does."""
LANTING: Final = "lanting.partner.onmschina.cn"


@contextmanager
def singing() -> Iterator[None]:
    """Meanwhile whatever is made has its canary from the first moment, so that mails and packets would repeat it."""
    listeners = [
        (TicketMessage, _note), (Customer, _customer), (User, _person), (Ticket, _ticket),
    ]  # fmt: skip
    written = (
        Escalation.reason_text, Escalation.facts, Escalation.tried, Escalation.contact_detail, ContactLogEntry.text,
    )  # fmt: skip
    for model, listener in listeners:
        sa.event.listen(model, "init", listener)
    for column in written:
        sa.event.listen(column, "set", _thread, retval=True)
    try:
        yield
    finally:
        for model, listener in listeners:
            sa.event.remove(model, "init", listener)
        for column in written:
            sa.event.remove(column, "set", _thread)


def _sing(values: dict[str, Any], word: str, *keys: str) -> None:
    values.update({key: f"{values[key]} {word}" for key in keys if values.get(key)})


def _note(_target: object, _args: object, values: dict[str, Any]) -> None:
    if values.get("kind") is MessageKind.INTERNAL:
        _sing(values, HOUSE, "body")


def _customer(_target: object, _args: object, values: dict[str, Any]) -> None:
    if values.get("domain") != LANTING:
        _sing(values, FOREIGN, "name")


def _person(_target: object, _args: object, values: dict[str, Any]) -> None:
    if (customer := values.get("customer")) is not None and customer.domain != LANTING:
        _sing(values, FOREIGN, "name")


def _ticket(_target: object, _args: object, values: dict[str, Any]) -> None:
    customer = values.get("customer") or getattr(values.get("requester"), "customer", None)
    if customer is not None and customer.domain != LANTING:
        _sing(values, FOREIGN, "subject")


def _thread(_target: object, value: str, _before: object, _initiator: object) -> str:
    return f"{value} {THREAD}" if value else value


def plant(session: Session) -> None:
    """Write the canaries; what is written once (ledger, packets, audit) stays as it is."""
    _house(session)
    _foreign(session)
    session.flush()


def _add(
    session: Session, column: sa.orm.InstrumentedAttribute[str], word: str, *where: sa.ColumnElement[bool]
) -> None:
    change = sa.update(column.class_).where(*where).values({column.key: column + f" {word}"})
    session.execute(change.execution_options(synchronize_session=False))


def _house(session: Session) -> None:
    _add(session, TicketMessage.body, HOUSE, TicketMessage.kind == MessageKind.INTERNAL)
    for column in (Escalation.reason_text, Escalation.facts, Escalation.tried, Escalation.contact_detail):
        _add(session, column, HOUSE)
    _add(session, ContactLogEntry.text, HOUSE)
    _add(session, Macro.name, HOUSE)
    _add(session, IncomingMail.text, HOUSE)
    hidden = sa.select(Article.id).where(Article.audience != "public")
    for text in (ArticleTranslation.title, ArticleTranslation.summary, ArticleTranslation.body):
        _add(session, text, HOUSE, ArticleTranslation.article_id.in_(hidden))
    session.expire_all()
    for shown in session.scalars(sa.select(ArticleTranslation).where(ArticleTranslation.article_id.in_(hidden))):
        index_translation(session, shown, now=shown.updated_at)
    draft = session.scalars(sa.select(ArticleTranslation).where(ArticleTranslation.article_id.not_in(hidden))).first()
    author = session.scalars(sa.select(User).where(User.customer_id.is_(None))).first()
    assert draft is not None
    assert author is not None
    session.add(
        ArticleDraft(
            translation_id=draft.id, title=HOUSE, summary=HOUSE, body=HOUSE, author_id=author.id,
            updated_at=draft.updated_at,
        )
    )  # fmt: skip
    session.add_all(TicketTag(ticket_id=ticket, tag=HOUSE) for ticket in session.scalars(sa.select(Ticket.id)))


def _foreign(session: Session) -> None:
    lanting = session.scalars(sa.select(Customer).where(Customer.domain == LANTING)).one()
    other = Customer.id != lanting.id
    _add(session, Customer.name, FOREIGN, other)
    _add(session, User.name, FOREIGN, User.customer_id != lanting.id)
    _add(session, Ticket.subject, FOREIGN, Ticket.customer_id != lanting.id)
    theirs = sa.select(Ticket.id).where(Ticket.customer_id != lanting.id)
    _add(session, TicketMessage.body, FOREIGN, TicketMessage.ticket_id.in_(theirs))
    _add(session, Subscription.offer_name, FOREIGN, Subscription.customer_id != lanting.id)
    bills = sa.select(Invoice.id).where(Invoice.customer_id != lanting.id)
    _add(session, InvoiceLine.description, FOREIGN, InvoiceLine.invoice_id.in_(bills))
