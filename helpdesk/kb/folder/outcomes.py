"""What became of each file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

IMPORTED: Final = "Imported from a file."
"""The note of a revision that nobody wrote here; `kb.labels` says it in the reader's language."""


class Action(StrEnum):
    """What an import or export did with one file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """File and database both changed since they were last alike: neither was touched."""
    WAITING = "waiting"
    """The other side is newer: import before export, or the reverse."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file, what was done with it, and what the editor should know."""

    slug: str
    locale: str
    action: Action
    reason: str = ""
    missing_links: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """One line of the command's output."""
        line: dict[str, object] = {"slug": self.slug, "locale": self.locale, "action": self.action.value}
        if self.reason:
            line["reason"] = self.reason
        if self.missing_links:
            line["missing_links"] = list(self.missing_links)
        return line
