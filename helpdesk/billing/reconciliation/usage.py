"""A row of the usage-based file.

OverageQuantity = ConsumedQuantity - IncludedQuantity, PretaxCharges = ListPrice x OverageQuantity (domain, Money).
The file need not name the customer; then the subscription or the domain does. Where neither is known, the row is kept
without a customer, until a license-based file says whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from helpdesk.billing.reconciliation import values
from helpdesk.billing.reconciliation.columns import USAGE_REQUIRED
from helpdesk.billing.reconciliation.errors import (
    BadRow,
    BadValue,
    EndsBeforeStart,
    OverageWrong,
    UsageTotalWrong,
)
from helpdesk.billing.reconciliation.rows import CENT, Row

USAGE_CELLS: Final = (*USAGE_REQUIRED, "CustomerId", "UsageDate", "Sku", "DomainName")
"""What a row is read from; the last four may be missing or empty."""
_READERS: Final[tuple[Callable[[str], object], ...]] = (
    *[values.day] * 2,
    *[values.identifier] * 2,
    *[lambda text: values.words(text, limit=200)],
    values.identifier,
    *[lambda text: values.words(text, limit=200)],
    *[values.decimal] * 7,
    values.currency,
    values.charge_type,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose subscription it is, and how Partner Center calls it."""

    tenant_id: str
    portal_subscription_id: str


@dataclass(frozen=True, slots=True)
class Owners:
    """Subscriptions by either of their ids, and tenants by their domain in small letters."""

    by_subscription: Mapping[str, Owner] = field(default_factory=dict)
    tenant_by_domain: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageReader:
    """Reads rows whose customer the file may not name."""

    owners: Owners = Owners()

    def __call__(self, line: int, cells: Sequence[str]) -> Row | BadRow:
        """The row on `line`, from its cells in the order of `USAGE_CELLS`; or the first thing that is wrong."""
        try:
            row = self._read(cells)
        except BadValue:
            return _first_fault(line, cells)
        return _contradiction(line, row, cells) or row

    def _read(self, cells: Sequence[str]) -> Row:
        (start, end, subscription, order, service, resource, resource_name, consumed, included, _overage,
         price, pretax, tax, total, code, kind, customer, used_on, sku, domain) = cells  # fmt: skip
        currency = values.currency(code)
        owner = self.owners.by_subscription.get(values.identifier(subscription))
        by_domain = self.owners.tenant_by_domain.get(domain.strip().casefold(), "")
        tenant = values.guid(customer) if customer else owner.tenant_id if owner else by_domain
        amount = values.minor(pretax, currency)
        return Row(
            tenant,
            values.identifier(order),
            subscription,
            owner.portal_subscription_id if owner else subscription,
            values.identifier(sku or resource),
            f"{values.words(service, limit=200)}: {values.words(resource_name, limit=200)}"[:200],
            values.iso_day(used_on or start),
            values.iso_day(used_on or end),
            values.charge_type(kind),
            values.rounded_micros(price),
            0,
            amount,
            0,
            amount,
            values.minor(tax, currency),
            values.minor(total, currency),
            currency,
            f"{values.decimal(consumed):f}",
            f"{values.decimal(included):f}",
        )


def _first_fault(line: int, cells: Sequence[str]) -> BadRow:
    for column, reader, cell in zip(USAGE_REQUIRED, _READERS, cells, strict=False):
        try:
            reader(cell)
        except BadValue as fault:
            return BadRow(line, column, fault)
    try:
        values.guid(cells[-4] or "0" * 8 + "-0000-0000-0000-" + "0" * 12)
    except BadValue as fault:
        return BadRow(line, "CustomerId", fault)
    try:
        values.day(cells[-3])
    except BadValue as fault:
        return BadRow(line, "UsageDate", fault)
    return BadRow(line, "Sku", BadValue())


def _contradiction(line: int, row: Row, cells: Sequence[str]) -> BadRow | None:
    if row.charge_end < row.charge_start:
        return BadRow(line, "ChargeEndDate", EndsBeforeStart(end=row.charge_end, start=row.charge_start))
    if values.decimal(cells[7]) - values.decimal(cells[8]) != values.decimal(cells[9]):
        return BadRow(line, "OverageQuantity", OverageWrong())
    if abs(row.amount_minor + row.tax_minor - row.total_minor) > CENT:
        return BadRow(line, "PostTaxTotal", UsageTotalWrong())
    return None
