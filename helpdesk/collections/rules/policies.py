"""What a policy must be before it is published, and who may accept it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from babel.numbers import format_currency

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.clauses import clauses_of
from helpdesk.collections.rules.schedule import ORDER
from helpdesk.errors import DomainError
from helpdesk.limits import DATA_RETENTION_DAYS
from helpdesk.money import Money

Stages = Mapping[StageKind, tuple[int, str]]
"""Of each stage: days after the due date, and the clause it follows."""

CHOSEN: Final = ORDER[:-1]
"""The stages whose days a partner chooses; the deletion follows from the suspension."""
CLAUSES: Final[dict[StageKind, str]] = {
    StageKind.REMINDER: "3.1",
    StageKind.SECOND_REMINDER: "3.2",
    StageKind.FINAL_NOTICE: "3.3",
    StageKind.SUSPENSION: "3.4",
    StageKind.DELETION: "3.5",
}
"""Where the shipped terms speak of each stage."""
DEFAULT_DAYS: Final[dict[StageKind, int]] = {
    StageKind.REMINDER: 3,
    StageKind.SECOND_REMINDER: 10,
    StageKind.FINAL_NOTICE: 20,
    StageKind.SUSPENSION: 30,
}
"""Days of the policy that is offered; a partner chooses its own."""
FINAL_WAIT_DAYS: Final = 3
"""Days at least between the final notice and the suspension. Our choice."""
MOST_GRACE_DAYS: Final = 30
"""Our choice."""
LOCALES: Final[dict[str, str]] = {"en": "en", "zh-Hans": "zh_Hans_CN", "ja": "ja"}
"""Languages of the terms, with the names that number formats go by."""
_VARIABLE: Final = re.compile(r"\{\{\s{0,9}([a-z_]+\.[a-z_]+)\s{0,9}\}\}")


class StagesIncomplete(DomainError):
    """A policy needs a day for each stage: reminder, second reminder, final notice and suspension."""


class StagesUnordered(DomainError):
    """Each stage must come after the one before it: reminder, second reminder, final notice, suspension."""


class FinalNoticeTooShort(DomainError):
    """Leave at least %(days)s days between the final notice and the suspension."""


class GraceOutOfRange(DomainError):
    """Give between 0 and %(days)s days of grace."""


class DraftMoved(DomainError):
    """Somebody else saved or published this draft meanwhile. Open it in another window, then bring your changes in."""


class TextMissing(DomainError):
    """The policy needs its text in every language; %(locale)s is missing."""


class ClauseMissing(DomainError):
    """The text in %(locale)s has no heading for clause %(clause)s."""


class VariableUnknown(DomainError):
    """The text in %(locale)s shows “%(name)s”, which nobody knows."""


class PolicyNotNewest(DomainError):
    """A newer version of the policy is out. Read and accept that one."""


class NotYoursToAccept(DomainError):
    """Only a billing contact of a customer accepts the policy."""


def shipped_stages(days: Mapping[StageKind, int]) -> dict[StageKind, tuple[int, str]]:
    """The chosen days with the clauses of the shipped terms."""
    return {kind: (day, CLAUSES[kind]) for kind, day in days.items()}


def whole_stages(stages: Stages) -> dict[StageKind, tuple[int, str]]:
    """Every stage in order, the deletion on its day. Raises what `check_stages` raises."""
    check_stages(stages)
    after = stages[StageKind.SUSPENSION][0] + DATA_RETENTION_DAYS
    _day, clause = stages.get(StageKind.DELETION, (after, CLAUSES[StageKind.DELETION]))
    return {kind: stages[kind] for kind in CHOSEN} | {StageKind.DELETION: (after, clause)}


def check_stages(stages: Stages) -> None:
    """Refuse stages by which a customer could be cut off unwarned.

    Raises `StagesIncomplete`, `StagesUnordered`, `FinalNoticeTooShort`.
    """
    if not set(CHOSEN) <= set(stages):
        raise StagesIncomplete
    days = [stages[kind][0] for kind in CHOSEN]
    if days[0] < 1 or any(after <= before for before, after in pairwise(days)):
        raise StagesUnordered
    if days[-1] - days[-2] < FINAL_WAIT_DAYS:
        raise FinalNoticeTooShort(days=FINAL_WAIT_DAYS)


def check_graces(graces: Mapping[StageKind, int]) -> None:
    """Refuse grace below zero or beyond `MOST_GRACE_DAYS`. Raises `GraceOutOfRange`."""
    if any(not 0 <= days <= MOST_GRACE_DAYS for days in graces.values()):
        raise GraceOutOfRange(days=MOST_GRACE_DAYS)


def with_grace(days: Mapping[StageKind, int], graces: Mapping[StageKind, int]) -> dict[StageKind, int]:
    """The days on which the stages really come."""
    return {kind: day + graces.get(kind, 0) for kind, day in days.items()}


def numbers_of(stages: Stages, minimum: Money, *, locale: str) -> dict[str, str]:
    """What the terms may show as `{{ name }}`, as text in the language of the terms."""
    days = {f"policy.{kind.value}_day": str(stages[kind][0]) for kind in CHOSEN}
    return days | {
        "policy.minimum": str(format_currency(minimum.major, minimum.currency, locale=LOCALES.get(locale, "en"))),
        "policy.final_wait_days": str(stages[StageKind.SUSPENSION][0] - stages[StageKind.FINAL_NOTICE][0]),
        "limits.data_retention_days": str(DATA_RETENTION_DAYS),
    }


def filled(text: str, values: Mapping[str, str], *, locale: str) -> str:
    """The text with its numbers filled in, so that a published version never changes. Raises `VariableUnknown`."""
    unknown = next((name for name in _VARIABLE.findall(text) if name not in values), None)
    if unknown is not None:
        raise VariableUnknown(name=unknown, locale=locale)
    return _VARIABLE.sub(lambda match: values[match.group(1)], text).replace("\r\n", "\n").strip() + "\n"


def check_texts(texts: Mapping[str, str], stages: Stages) -> None:
    """Refuse texts that lack a language, or a clause that a notice will cite. Raises `TextMissing`, `ClauseMissing`."""
    for locale in LOCALES:
        if not texts.get(locale, "").strip():
            raise TextMissing(locale=locale)
        known = {clause.number for clause in clauses_of(texts[locale])}
        missing = next((clause for _day, clause in stages.values() if clause not in known), None)
        if missing is not None:
            raise ClauseMissing(locale=locale, clause=missing)


def digest(text: str) -> str:
    """The fingerprint of a text: what exactly was accepted."""
    return hashlib.sha256(text.encode()).hexdigest()
