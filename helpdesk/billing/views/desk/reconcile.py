"""Charged by 21Vianet against billed to customers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.billing.labels import STANDINGS
from helpdesk.billing.queries.reconcile import latest_period, reconciled
from helpdesk.billing.rules.reconcile import Reconciled, Standing
from helpdesk.billing.views.desk.shared import bp, csv_answer, day_asked, page
from helpdesk.billing.views.downloads import Cell, safe_cell
from helpdesk.extensions import db
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires

_ROWS: Final = 100
"""So many subscriptions are on one page; the file has all of them."""


@dataclass(frozen=True, slots=True)
class Sum:
    """All of one currency."""

    charged: Money
    invoiced: Money
    missing: Money
    extra: Money

    @property
    def margin(self) -> Money:
        """What the partner keeps."""
        return self.invoiced - self.charged


def _sums(rows: Sequence[Reconciled]) -> list[Sum]:
    sums = []
    for currency in sorted({row.charged.currency for row in rows}):
        ours = [row for row in rows if row.charged.currency == currency]
        nothing = Money.zero(currency)
        sums.append(
            Sum(
                charged=sum((row.charged for row in ours), nothing),
                invoiced=sum((row.invoiced for row in ours), nothing),
                missing=sum((row.unbilled for row in ours), nothing),
                extra=sum((row.invoiced for row in ours if row.standing is Standing.EXTRA), nothing),
            )
        )
    return sums


def _period() -> tuple[date, date]:
    newest = latest_period(db.session) or (today().replace(day=1), today())
    return day_asked("from", newest[0]), day_asked("to", newest[1])


@bp.get("/reconcile")
@requires(Permission.BILLING_MANAGE)
def reconcile() -> ResponseReturnValue:
    """Show margins, what is missing and what is extra."""
    start, end = _period()
    rows = reconciled(db.session, start=start, end=end)
    asked = request.args.get("only", "")
    shown = [row for row in rows if row.standing.value == asked] if asked in set(Standing) else rows
    counts = {standing: sum(1 for row in rows if row.standing is standing) for standing in Standing}
    number = max(1, min(request.args.get("page", 1, type=int), 1 + max(0, len(shown) - 1) // _ROWS))
    return page(
        "reconcile.html",
        rows=shown[(number - 1) * _ROWS : number * _ROWS],
        sums=_sums(rows),
        counts=counts,
        only=asked if shown is not rows else "",
        start=start,
        end=end,
        every=len(rows),
        found={"page": number, "has_more": number * _ROWS < len(shown)},
    )


@bp.get("/reconcile.csv")
@requires(Permission.BILLING_MANAGE)
@fresh
def reconcile_csv() -> ResponseReturnValue:
    """Send the same as a file."""
    start, end = _period()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    titles = (_("Customer"), _("Tenant ID"), _("Subscription ID"), _("Product"), _("State"), _("Charged by 21Vianet"))
    writer.writerow(
        [safe_cell(str(title)) for title in (*titles, _("Invoiced"), _("Margin"), _("Not billed"), _("Currency"))]
    )
    for row in reconciled(db.session, start=start, end=end):
        cells: list[Cell] = [row.customer, row.tenant_id, row.subscription, row.offer, str(STANDINGS[row.standing])]
        cells += [money.major for money in (row.charged, row.invoiced, row.margin, row.unbilled)]
        writer.writerow([safe_cell(cell) for cell in (*cells, row.charged.currency)])
    return csv_answer(out.getvalue(), f"reconcile-{start}-{end}.csv")
