"""The partner's price rules, and drafts made by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Invoice, InvoiceStatus, MarkupRule
from helpdesk.billing.queries.reconcile import Unbilled
from helpdesk.billing.rules.pricing import PriceRules
from helpdesk.billing.services.invoices import invoice_from_rows

_CENT: Final = Decimal("0.01")


def price_rules(session: Session) -> PriceRules:
    """The rules in force; without any, customers pay what the partner pays."""
    found = {rule.offer_id: rule.percent.quantize(_CENT) for rule in session.scalars(select(MarkupRule))}
    return PriceRules(markup=found.pop("", Decimal(0).quantize(_CENT)), by_offer=found)


def set_markup(session: Session, *, offer_id: str, percent: Decimal, by: User, now: datetime) -> None:
    """Say by how many percent an offer (empty: all others) costs more from now on."""
    rule = session.scalars(select(MarkupRule).where(MarkupRule.offer_id == offer_id)).one_or_none()
    before = {"percent": str(rule.percent)} if rule else None
    if rule is None:
        rule = MarkupRule(offer_id=offer_id, percent=percent, changed_by_id=by.id, changed_at=now)
        session.add(rule)
    rule.percent, rule.changed_by_id, rule.changed_at = percent, by.id, now
    session.flush()
    record(
        session,
        "markup.set",
        object_type="markup_rule",
        object_id=offer_id or "*",
        actor_id=by.id,
        now=now,
        before=before,
        after={"percent": str(percent)},
    )


def remove_markup(session: Session, *, offer_id: str, by: User, now: datetime) -> None:
    """Let an offer follow the rule of all others again."""
    rule = session.scalars(select(MarkupRule).where(MarkupRule.offer_id == offer_id)).one_or_none()
    if rule is None:
        return
    record(
        session,
        "markup.removed",
        object_type="markup_rule",
        object_id=offer_id or "*",
        actor_id=by.id,
        now=now,
        before={"percent": str(rule.percent)},
    )
    session.delete(rule)
    session.flush()


def make_drafts(
    session: Session, found: Sequence[Unbilled], *, issued_on: date, due_on: date, now: datetime
) -> list[Invoice]:
    """One draft a customer and currency, under the price rules in force. Raises what `invoice_from_rows` raises."""
    prices = price_rules(session)
    number = _next_number(session, issued_on.year)
    return [
        invoice_from_rows(
            session,
            each.customer,
            each.rows,
            number=f"INV-{issued_on.year}-{number + offset:04d}",
            issued_on=issued_on,
            due_on=due_on,
            now=now,
            prices=prices,
            status=InvoiceStatus.DRAFT,
        )
        for offset, each in enumerate(found)
    ]


def _next_number(session: Session, year: int) -> int:
    """One more than the largest number of the year."""
    prefix = f"INV-{year}-"
    numbers = session.scalars(select(Invoice.number).where(Invoice.number.startswith(prefix, autoescape=True)))
    taken = [int(text.removeprefix(prefix)) for text in numbers if text.removeprefix(prefix).isdecimal()]
    return max(taken, default=0) + 1
