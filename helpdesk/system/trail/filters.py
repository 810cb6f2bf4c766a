"""What an address of the trail may ask for; anything else is taken for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

AREAS: Final = (
    "user",
    "customer",
    "export",
    "privacy",
    "retention",
    "policy",
    "notice",
    "suspension",
    "collections",
    "subscription",
    "ticket",
    "escalation",
    "mail",
    "file",
    "invoice",
    "payment",
    "payment_proof",
    "dispute",
    "billing_import",
    "reconciliation",
    "markup",
    "payable",
    "article",
    "category",
    "desk",
    "calendar",
    "backup",
)
"""The first words of deeds, most watched first."""
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show."""

    area: str = ""
    action: str = ""
    actor: str = ""
    object: str = ""
    customer: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def first_day(self) -> date | None:
        """The first day to show."""
        return _day(self.since)

    @property
    def last_day(self) -> date | None:
        """The last day to show."""
        return _day(self.until)


def wanted(address: Mapping[str, str]) -> Wanted:
    """Read an address; unknown keys and areas are not looked at."""
    asked = {each.name: address.get(each.name, "").strip()[:_LONGEST] for each in fields(Wanted)}
    area = asked.pop("area")
    days = {name: asked[name] if _day(asked[name]) else "" for name in ("since", "until")}
    return Wanted(area=area if area in AREAS else "", **(asked | days))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
