"""What 21Vianet gets to read: identifiers, and a description in Simplified Chinese and English, from templates.

Only plain values of `PacketFacts` reach the templates, so that no note, message or foreign row can slip in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpdesk.billing.models import InvoiceLine, ReconciliationRow, Subscription
from helpdesk.config import ROOT
from helpdesk.escalations.models import EscalationReason, Severity
from helpdesk.escalations.rules import GateAnswers
from helpdesk.money import Money
from helpdesk.tickets.models import Ticket, Topic

DESCRIPTIONS: Final = ("description_zh", "description_en")
_SEVERITIES: Final = {
    Severity.CRITICAL: "Critical（严重）",
    Severity.MODERATE: "Moderate（中等）",
    Severity.MINIMAL: "Minimal（轻微）",
}
"""As the form in Partner Center offers them, in either language of the portal."""


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """One charge, or one subscription without a charge, in the words of the reconciliation file."""

    order_id: str
    subscription_id: str
    portal_subscription_id: str
    offer_name: str
    offer_id: str
    charge_type: str = ""
    start: str = ""
    end: str = ""
    quantity: str = ""
    unit_price: str = ""
    subtotal: str = ""
    tax: str = ""
    total: str = ""
    source: str = ""
    """File and row of the reconciliation file; empty where the line came from elsewhere."""


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """Everything that a packet may say, as plain values."""

    customer_name: str
    tenant_id: str
    domain: str
    topic: Topic
    severity: Severity
    reason: EscalationReason
    reason_text: str
    facts: str
    tried: str
    contact_name: str
    contact_detail: str
    amount: str
    charges: tuple[ChargeFacts, ...]
    files: tuple[str, ...]
    partner_name: str


def amount_text(amount: Money | None) -> str:
    """Write money the same way in both languages: `CNY 1,234.50`."""
    return "" if amount is None else f"{amount.currency} {amount.major:,}"


def facts_of(
    ticket: Ticket, answers: GateAnswers, *, amount: Money | None, partner_name: str, file_names: dict[int, str]
) -> PacketFacts:
    """Gather a packet's facts; `file_names` names the reconciliation files by id."""
    customer = ticket.customer
    charges = [charge_of(line, file_names=file_names) for line in answers.lines]
    if not charges and answers.subscription is not None:
        charges = [ChargeFacts(*_identifiers(answers.subscription))]
    return PacketFacts(
        customer_name=customer.name,
        tenant_id=customer.tenant_id,
        domain=customer.domain,
        topic=ticket.topic,
        severity=answers.severity,
        reason=answers.reason,
        reason_text=answers.reason_text.strip(),
        facts=answers.facts.strip(),
        tried=answers.tried.strip(),
        contact_name=answers.contact_name.strip(),
        contact_detail=answers.contact_detail.strip(),
        amount=amount_text(amount),
        charges=tuple(charges),
        files=tuple(attachment.filename for attachment in answers.attachments),
        partner_name=partner_name,
    )


def _identifiers(subscription: Subscription) -> tuple[str, str, str, str, str]:
    return (
        subscription.order_id,
        subscription.vnet_subscription_id,
        subscription.portal_subscription_id,
        subscription.offer_name,
        subscription.offer_id,
    )


def charge_of(line: InvoiceLine, *, file_names: dict[int, str]) -> ChargeFacts:
    """Take a line's facts from 21Vianet's own row, or from the subscription and the line where there is none."""
    row = line.reconciliation_row
    if row is None:
        return _charge_without_row(line)
    rows = [charge.row for charge in line.gathered] or [row]
    return ChargeFacts(
        row.order_id,
        row.vnet_subscription_id,
        row.portal_subscription_id,
        row.offer_name,
        row.offer_id,
        charge_type=row.charge_type,
        start=line.charge_start.isoformat(),
        end=line.charge_end.isoformat(),
        quantity=f"{line.used:f}" if line.used is not None else str(row.quantity),
        unit_price=amount_text_of_price(row.unit_price, row.currency),
        subtotal=amount_text(Money(sum(each.subtotal_minor for each in rows), row.currency)),
        tax=amount_text(Money(sum(each.tax_minor for each in rows), row.currency)),
        total=amount_text(Money(sum(each.total_minor for each in rows), row.currency)),
        source=f"{file_names.get(row.file_id, '')} {_numbered(rows)}".strip(),
    )


def _numbered(rows: Sequence[ReconciliationRow]) -> str:
    """The line in 21Vianet's file, or the first and the last of several."""
    numbers = sorted(row.line_number for row in rows)
    return f"#{numbers[0]}" if len(numbers) == 1 else f"#{numbers[0]}–#{numbers[-1]} ({len(numbers)})"


def _charge_without_row(line: InvoiceLine) -> ChargeFacts:
    currency = line.invoice.currency
    known = _identifiers(line.subscription) if line.subscription else ("", "", "", line.description, "")
    return ChargeFacts(
        *known,
        charge_type=line.charge_type.value,
        start=line.charge_start.isoformat(),
        end=line.charge_end.isoformat(),
        quantity=str(line.quantity),
        unit_price=amount_text_of_price(line.unit_price, currency),
        subtotal=amount_text(Money(line.amount_minor - line.discount_minor, currency)),
        tax=amount_text(Money(line.tax_minor, currency)),
        total=amount_text(line.total),
    )


def amount_text_of_price(price: Any, currency: str) -> str:  # noqa: ANN401 - Decimal, as the driver gives it
    """Write a unit price with two decimals, or more where it has more."""
    digits = max(2, -price.normalize().as_tuple().exponent)
    return f"{currency} {price:,.{digits}f}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates" / "escalations" / "packet"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # noqa: S701 - plain text, shown through the pages' own escaping
    )


def written(name: str, language: str, facts: PacketFacts) -> str:
    """Fill the template `name` in `language`."""
    return _templates().get_template(f"{name}.{language}.txt").render(facts=facts).strip()


def fields_of(facts: PacketFacts) -> list[dict[str, Any]]:
    """List a packet's fields in the order in which Partner Center's form asks for them."""
    case = {
        "title_zh": written("title", "zh-Hans", facts),
        "title_en": written("title", "en", facts),
        "severity": _SEVERITIES[facts.severity],
        "customer_name": facts.customer_name,
        "tenant_id": facts.tenant_id,
        "domain": facts.domain,
        "amount": facts.amount,
        "contact": ", ".join(filter(None, (facts.contact_name, facts.contact_detail))),
        "description_zh": written("description", "zh-Hans", facts),
        "description_en": written("description", "en", facts),
    }
    fields = [{"key": key, "value": value, "charge": 0} for key, value in case.items() if value]
    for number, charge in enumerate(facts.charges, start=1):
        fields += [{"key": key, "value": value, "charge": number} for key, value in _fields_of_charge(charge)]
    return fields


def _fields_of_charge(charge: ChargeFacts) -> Iterator[tuple[str, str]]:
    period = f"{charge.start} – {charge.end}" if charge.start else ""
    pairs = {
        "order_id": charge.order_id,
        "subscription_id": charge.subscription_id,
        "portal_subscription_id": charge.portal_subscription_id,
        "offer_name": charge.offer_name,
        "offer_id": charge.offer_id,
        "charge_type": charge.charge_type,
        "period": period,
        "quantity": charge.quantity,
        "unit_price": charge.unit_price,
        "subtotal": charge.subtotal,
        "tax": charge.tax,
        "total": charge.total,
        "source": charge.source,
    }
    return ((key, value) for key, value in pairs.items() if value)


def grouped(fields: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Split fields for a page: the case's short ones, those of each charge, and the descriptions last."""
    texts = [field for field in fields if field["key"] in DESCRIPTIONS]
    short = [field for field in fields if field["key"] not in DESCRIPTIONS]
    charges = sorted({int(field["charge"]) for field in short})
    return [[field for field in short if field["charge"] == number] for number in charges] + [texts]
