"""What an import is asked to do, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from helpdesk.billing.models import ReconciliationFile
from helpdesk.billing.reconciliation.errors import BadRow
from helpdesk.money import Money

BATCH: Final = 2000
REPORTED: Final = 1000
"""So many bad rows are reported one by one; the others are counted."""
KINDS: Final = ("license", "usage")

Progress = Callable[[str, int], None]
"""Told the step (`checking`, `importing`) and how many rows it has done."""


@dataclass(frozen=True, slots=True)
class Change:
    """One charge that a corrected file says otherwise; None where one of the files does not have it."""

    subscription: str
    offer: str
    charge_type: str
    start: date
    end: date
    before: Money | None
    after: Money | None


@dataclass(slots=True)
class Differences:
    """What a corrected file changes against the earlier one."""

    file: ReconciliationFile
    same: int = 0
    changed: int = 0
    gone: int = 0
    new: int = 0
    before_minor: int = 0
    after_minor: int = 0
    examples: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """What became of a file."""

    name: str
    sha256: str
    rows: int = 0
    added: int = 0
    known: int = 0
    """Rows that were there already, from this or an earlier file."""
    bad_count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    is_known: bool = False
    """The very same file was imported before, so nothing was done."""
    file: ReconciliationFile | None = None
    differences: Differences | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to treat a file: only look, take the good rows of a bad file, let a corrected file take the earlier's place.

    `replace` None refuses a corrected file until somebody said what shall become of the earlier one.
    """

    kind: str = "license"
    dry_run: bool = False
    skip_bad: bool = False
    replace: bool | None = None
    billed_on: date | None = None
    progress: Progress = lambda _step, _count: None
