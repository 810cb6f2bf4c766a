"""What the Collections page counts and leaves out, and its CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.billing.views.downloads import Cell, safe_cell
from helpdesk.clock import utc_now
from helpdesk.collections import labels
from helpdesk.collections.queries.desk import DeskRow, desk_rows, is_task
from helpdesk.collections.queries.disputed import Disputed
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.steering import PromiseState
from helpdesk.collections.views.desk_shared import calendar, desk
from helpdesk.extensions import db
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires

_MARK: Final = "\ufeff"
"""Spreadsheets take a file without it for the machine's old encoding."""
_DECIDE: Final = frozenset(
    {Step.AWAIT_APPROVAL, Step.PROPOSE_SUSPENSION, Step.CONFIRM_SUSPENSION, Step.PROPOSE_REACTIVATION}
)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures above the list; amounts by currency."""

    overdue: list[Money]
    disputed: list[Money]
    held: int
    broken: int


def totals(rows: Sequence[DeskRow], disputed: Iterable[Disputed]) -> Totals:
    """Add up what the list shows, and every open dispute."""
    return Totals(
        overdue=_sums([row.overdue for row in rows]),
        disputed=_sums([amount for each in disputed for amount in each.amounts]),
        held=sum(1 for row in rows if row.held_until),
        broken=sum(1 for row in rows if is_broken(row)),
    )


def _sums(amounts: Sequence[Money]) -> list[Money]:
    by_currency: dict[str, Money] = {}
    for amount in amounts:
        by_currency[amount.currency] = by_currency.get(amount.currency, Money.zero(amount.currency)) + amount
    return list(by_currency.values()) or [Money.zero()]


def is_broken(row: DeskRow) -> bool:
    """Whether the last promise was broken, or one about these debts though a later one is still open."""
    is_last = row.promise is not None and row.promise.state is PromiseState.BROKEN
    return is_last or row.broken_promises > 0


def _is_to_decide(row: DeskRow) -> bool:
    return any(each.action.step in _DECIDE for each in row.standings)


def _is_unreached(row: DeskRow) -> bool:
    return any(is_task(each) for each in row.standings)


def _is_held(row: DeskRow) -> bool:
    return row.held_until is not None


_SHOWN: Final[dict[str, Callable[[DeskRow], bool]]] = {
    "decide": _is_to_decide,
    "reach": _is_unreached,
    "held": _is_held,
    "broken": is_broken,
}


def chosen_rows(rows: Sequence[DeskRow], chosen: str) -> list[DeskRow]:
    """The rows of a filter; an unknown one shows all."""
    wanted = _SHOWN.get(chosen)
    return [row for row in rows if wanted is None or wanted(row)]


@desk.get("/overview.csv")
@requires(Permission.COLLECTIONS_WORK)
@fresh
def overview() -> ResponseReturnValue:
    """Send the list as a CSV file."""
    rows = desk_rows(db.session, now=utc_now(), calendar=calendar())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(title) for title in _titles()])
    writer.writerows([safe_cell(cell) for cell in cells] for cells in _lines(rows))
    response = Response(_MARK + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="collections.csv"'
    return response


def _titles() -> list[str]:
    return [
        _("Customer"),
        _("Product"),
        _("Stage"),
        _("Next action"),
        _("From"),
        _("Overdue"),
        _("In dispute"),
        _("Currency"),
        _("On hold until"),
        _("Promised by"),
        _("Promise"),
        _("Our own due date"),
    ]


def _lines(rows: Sequence[DeskRow]) -> Iterator[list[Cell]]:
    for row in rows:
        for each in row.standings:
            yield [
                row.customer.name,
                each.subscription.offer_name,
                str(labels.STAGES[each.notice.stage]) if each.notice else "",
                str(labels.STEPS[each.action.step]),
                each.action.on.isoformat() if each.action.on else "",
                each.case.amount.major,
                each.case.disputed.major,
                each.subscription.currency,
                each.case.held_until.isoformat() if each.case.held_until else "",
                row.promise.promise.promised_on.isoformat() if row.promise else "",
                str(labels.PROMISES[row.promise.state]) if row.promise else "",
                row.partner_due_on.isoformat() if row.partner_due_on else "",
            ]
