"""What an address of the trail may ask for; anything else is taken for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from helpdesk.system.trail.labels import ACTIONS, KINDS, SLICES

_LONGEST: Final = 100
_KNOWN: Final = {"action": {*SLICES, *ACTIONS}, "kind": set(KINDS)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show."""

    action: str = ""
    """One action, or a slice for all of its actions."""
    actor: str = ""
    kind: str = ""
    object: str = ""
    customer: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def actions(self) -> list[str]:
        """Every action that is asked for."""
        return list(SLICES[self.action].actions) if self.action in SLICES else [self.action] if self.action else []

    @property
    def first_day(self) -> date | None:
        """The first day to show."""
        return _day(self.since)

    @property
    def last_day(self) -> date | None:
        """The last day to show."""
        return _day(self.until)


def wanted(address: Mapping[str, str]) -> Wanted:
    """Read an address; unknown keys, actions and kinds are not looked at."""
    asked = {each.name: address.get(each.name, "").strip()[:_LONGEST] for each in fields(Wanted)}
    asked |= {name: "" for name in ("since", "until") if not _day(asked[name])}
    asked |= {name: "" for name, known in _KNOWN.items() if asked[name] not in known}
    return Wanted(**asked)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
