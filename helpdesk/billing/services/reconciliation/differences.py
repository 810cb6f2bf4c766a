"""What a corrected file says otherwise than the earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import ReconciliationFile, ReconciliationRow
from helpdesk.billing.reconciliation.rows import COLUMNS
from helpdesk.billing.services.reconciliation.checking import Checked, Prepared
from helpdesk.billing.services.reconciliation.report import Change, Differences
from helpdesk.money import Money

EXAMPLES: Final = 100
"""So many differences are shown one by one."""
_BEFORE_VALUES: Final = 3
_AT: Final = {name: place + _BEFORE_VALUES for place, name in enumerate(COLUMNS)}
_SLICE: Final = 2000


class Comparison:
    """A new file against one earlier file: which of the earlier rows it repeats, changes or leaves out."""

    def __init__(self, session: Session, earlier: ReconciliationFile) -> None:
        """Nothing is found yet."""
        first, last, count = session.execute(
            select(
                func.min(ReconciliationRow.id), func.max(ReconciliationRow.id), func.count(ReconciliationRow.id)
            ).where(ReconciliationRow.file_id == earlier.id, ReconciliationRow.replaced_by_id.is_(None))
        ).one()
        self._first, self._count = first or 0, count
        self._same = bytearray(((last or 0) - self._first) // 8 + 1)
        self._changed = bytearray(len(self._same))
        self.differences = Differences(earlier)

    def add(self, session: Session, batch: Sequence[Prepared]) -> None:
        """Compare some rows of the new file; one statement."""
        earlier = self._earlier(session, {row[2] for row in batch})
        for row in batch:
            candidates = earlier.get(row[2], [])
            repeated = next((found for found in candidates if found.row_key == row[1]), None)
            if repeated is not None:
                self._mark(self._same, repeated.id)
                self.differences.same += 1
                continue
            self._note_other(row, candidates)

    def _earlier(self, session: Session, identities: set[int]) -> dict[int, list[Any]]:
        statement = select(
            ReconciliationRow.id,
            ReconciliationRow.identity,
            ReconciliationRow.row_key,
            ReconciliationRow.total_minor,
        ).where(
            ReconciliationRow.identity.in_(identities),
            ReconciliationRow.file_id == self.differences.file.id,
            ReconciliationRow.replaced_by_id.is_(None),
        )
        found: dict[int, list[Any]] = {}
        for row in session.execute(statement.order_by(ReconciliationRow.id)):
            found.setdefault(row.identity, []).append(row)
        return found

    def _note_other(self, row: Prepared, candidates: Sequence[Any]) -> None:
        """A row that is not repeated is a changed one, or new."""
        taken = (self._same, self._changed)
        before = next((each for each in candidates if not any(self._is_marked(mark, each.id) for mark in taken)), None)
        if before is None:
            self.differences.new += 1
            return
        self._mark(self._changed, before.id)
        self.differences.changed += 1
        self.differences.before_minor += before.total_minor
        self.differences.after_minor += row[_AT["total_minor"]]
        self._show(row, before.total_minor)

    def _show(self, row: Prepared, before_minor: int) -> None:
        if len(self.differences.examples) >= EXAMPLES:
            return
        currency = row[_AT["currency"]]
        self.differences.examples.append(
            Change(
                subscription=row[_AT["portal_subscription_id"]],
                offer=row[_AT["offer_name"]],
                charge_type=row[_AT["charge_type"]],
                start=date.fromisoformat(row[_AT["charge_start"]]),
                end=date.fromisoformat(row[_AT["charge_end"]]),
                before=Money(before_minor, currency),
                after=Money(row[_AT["total_minor"]], currency),
            )
        )

    def finish(self, session: Session) -> bool:
        """Count what is gone; whether the new file is a correction of the earlier one."""
        found = self.differences
        found.gone = self._count - found.same - found.changed
        if not (found.changed or found.gone) or (found.same + found.changed) * 2 < self._count:
            return False
        self._show_gone(session)
        return True

    def _show_gone(self, session: Session) -> None:
        for ids in self.outdated(session):
            gone = [number for number in ids if not self._is_marked(self._changed, number)]
            for row in session.scalars(select(ReconciliationRow).where(ReconciliationRow.id.in_(gone))):
                self.differences.before_minor += row.total_minor
                if len(self.differences.examples) < EXAMPLES:
                    self.differences.examples.append(_gone(row))

    def outdated(self, session: Session) -> Iterator[list[int]]:
        """The ids of the earlier rows that the new file does not repeat, some at a time."""
        after = 0
        while True:
            statement = select(ReconciliationRow.id).where(
                ReconciliationRow.file_id == self.differences.file.id,
                ReconciliationRow.replaced_by_id.is_(None),
                ReconciliationRow.id > after,
            )
            ids = session.scalars(statement.order_by(ReconciliationRow.id).limit(_SLICE)).all()
            if not ids:
                return
            after = ids[-1]
            outdated = [number for number in ids if not self._is_marked(self._same, number)]
            if outdated:
                yield outdated

    def _mark(self, bits: bytearray, number: int) -> None:
        place = number - self._first
        bits[place >> 3] |= 1 << (place & 7)

    def _is_marked(self, bits: bytearray, number: int) -> bool:
        place = number - self._first
        return bool(bits[place >> 3] & 1 << (place & 7))


def _gone(row: ReconciliationRow) -> Change:
    before = Money(row.total_minor, row.currency)
    return Change(
        row.portal_subscription_id, row.offer_name, row.charge_type, row.charge_start, row.charge_end, before, None
    )


def compare(session: Session, checked: Checked, overlapping: Sequence[ReconciliationFile]) -> Comparison | None:
    """The comparison with the earlier file that `checked` corrects, if it corrects one.

    It does when it holds at least half of the earlier file's charges, and says some otherwise or no longer.
    """
    for earlier in _sharing(session, checked, overlapping):
        comparison = Comparison(session, earlier)
        for batch in checked.batches():
            comparison.add(session, batch)
        if comparison.finish(session):
            return comparison
    return None


def _sharing(session: Session, checked: Checked, overlapping: Sequence[ReconciliationFile]) -> list[ReconciliationFile]:
    """Those of the files that hold a charge of the first rows, the newest first: others cannot be corrected by it."""
    if not overlapping:
        return []
    first = next(checked.batches(), [])
    statement = (
        select(ReconciliationRow.file_id)
        .distinct()
        .where(
            ReconciliationRow.identity.in_([row[2] for row in first]),
            ReconciliationRow.file_id.in_([file.id for file in overlapping]),
            ReconciliationRow.replaced_by_id.is_(None),
        )
    )
    ids = set(session.scalars(statement))
    return [file for file in reversed(overlapping) if file.id in ids]
