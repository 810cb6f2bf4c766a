"""The names of what entries are about: one statement a page, whatever stands on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.models import Customer, User
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import (
    BillingImport,
    Dispute,
    Invoice,
    InvoiceLine,
    PaymentProof,
    ReconciliationFile,
    Subscription,
    VnetInvoice,
)
from helpdesk.collections.models import SuspensionCase, SuspensionNotice
from helpdesk.escalations.models import Escalation
from helpdesk.intake.models import IncomingMail
from helpdesk.kb.models import Article, Category
from helpdesk.tickets.models import AgentGroup, AssignmentRule, Ticket
from helpdesk.web.converters import ROW_MAX

Key = tuple[str, str]
"""Kind of object, and how the trail calls it."""
PEOPLE: Final = frozenset({"author", "owner", "person"})
"""Where before and after keep the number of a person."""
_BETWEEN: Final = " · "
_REF: Final = sa.literal("T-") + sa.cast(Ticket.number, sa.String)


@dataclass(frozen=True, slots=True)
class Named:
    """What people call an object, and what its address needs."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Where names stand: `key` is what the trail calls the object by, `joins` are tables with their conditions."""

    key: Any
    name: Any
    address: Any
    joins: tuple[tuple[Any, Any], ...] = ()

    def rows(self, kind: str, keys: Iterable[str]) -> sa.Select[Any]:
        """Kind, key, name and address of those keys."""
        columns: list[Any] = [
            sa.cast(each, sa.String) for each in (sa.literal(kind), self.key, self.name, self.address)
        ]
        statement = sa.select(*columns).select_from(self.key.class_)
        for table, condition in self.joins:
            statement = statement.join(table, condition)
        return statement.where(self.key.in_(self._fitting(keys)))

    def _fitting(self, keys: Iterable[str]) -> list[Any]:
        if isinstance(self.key.type, sa.Integer):
            return [int(key) for key in keys if key.isascii() and key.isdigit() and int(key) <= ROW_MAX]
        return list(keys)


def _of_subscription(model: type[SuspensionCase | SuspensionNotice]) -> _Source:
    name = Customer.name + _BETWEEN + Subscription.offer_name
    joins = (Customer, Customer.id == model.customer_id), (Subscription, Subscription.id == model.subscription_id)
    return _Source(model.public_id, name, model.public_id, joins)


_SOURCES: Final[tuple[tuple[str, _Source], ...]] = (
    ("user", _Source(User.id, User.name, User.public_id)),
    ("user", _Source(User.public_id, User.name, User.public_id)),
    ("customer", _Source(Customer.public_id, Customer.name, Customer.public_id)),
    ("invitation", _Source(Invitation.id, Invitation.email, sa.literal(""))),
    ("notice", _of_subscription(SuspensionNotice)),
    ("suspension_case", _of_subscription(SuspensionCase)),
    ("subscription", _Source(
        Subscription.public_id, Customer.name + _BETWEEN + Subscription.offer_name, Customer.public_id,
        ((Customer, Customer.id == Subscription.customer_id),),
    )),
    ("escalation", _Source(
        Escalation.public_id, _REF + sa.func.coalesce(_BETWEEN + Escalation.request_number, ""), Escalation.public_id,
        ((Ticket, Ticket.id == Escalation.ticket_id),),
    )),
    ("payment_proof", _Source(
        PaymentProof.public_id, Invoice.number, PaymentProof.public_id,
        ((Invoice, Invoice.id == PaymentProof.invoice_id),),
    )),
    ("dispute", _Source(
        Dispute.public_id, Invoice.number + _BETWEEN + InvoiceLine.description, InvoiceLine.public_id,
        ((InvoiceLine, InvoiceLine.id == Dispute.line_id), (Invoice, Invoice.id == InvoiceLine.invoice_id)),
    )),
    ("billing_import", _Source(BillingImport.public_id, BillingImport.name, BillingImport.public_id)),
    ("reconciliation_file", _Source(ReconciliationFile.id, ReconciliationFile.name, sa.literal(""))),
    ("vnet_invoice", _Source(VnetInvoice.id, VnetInvoice.number, sa.literal(""))),
    ("article", _Source(Article.id, Article.slug, Article.slug)),
    ("category", _Source(Category.id, Category.slug, sa.literal(""))),
    ("incoming_mail", _Source(IncomingMail.public_id, IncomingMail.subject, IncomingMail.public_id)),
    ("assignment_rule", _Source(AssignmentRule.public_id, AssignmentRule.name, AssignmentRule.public_id)),
    ("agent_group", _Source(AgentGroup.public_id, AgentGroup.name, AgentGroup.public_id)),
)  # fmt: skip
"""A kind that is not here is called by what the trail keeps: a ticket's reference, an invoice's number, a day."""


def names_of(session: Session, entries: Iterable[AuditEntry]) -> dict[Key, Named]:
    """What the objects of `entries` and the people in their before and after are called now; what is gone is left out.

    One statement, whatever the entries are about.
    """
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for kind, key in (each for entry in entries for each in _keys(entry)):
        wanted[kind].add(key)
    rows = [source.rows(kind, wanted[kind]) for kind, source in _SOURCES if wanted[kind]]
    if not rows:
        return {}
    return {(kind, key): Named(name, there) for kind, key, name, there in session.execute(sa.union_all(*rows))}


def _keys(entry: AuditEntry) -> Iterator[Key]:
    yield entry.object_type, article_part(entry)
    for kept in (entry.before, entry.after):
        yield from (("user", str(value)) for name, value in (kept or {}).items() if name in PEOPLE)


def article_part(entry: AuditEntry) -> str:
    """An entry's object; of a text of an article (`12/ja`), the article."""
    return entry.object_id.partition("/")[0] if entry.object_type == "article" else entry.object_id
