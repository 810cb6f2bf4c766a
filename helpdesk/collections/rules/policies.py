"""What a policy must be before it is published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.schedule import ORDER
from helpdesk.errors import DomainError
from helpdesk.limits import DATA_RETENTION_DAYS

LOCALES: Final = ("en", "zh-Hans", "ja")
DEFAULT_DAYS: Final[dict[StageKind, int]] = {
    StageKind.REMINDER: 3,
    StageKind.SECOND_REMINDER: 10,
    StageKind.FINAL_NOTICE: 20,
    StageKind.SUSPENSION: 30,
}
"""Days after the due date in the policy that is offered; a partner chooses its own."""
CLAUSES: Final[dict[StageKind, str]] = {
    StageKind.REMINDER: "3.1",
    StageKind.SECOND_REMINDER: "3.2",
    StageKind.FINAL_NOTICE: "3.3",
    StageKind.SUSPENSION: "3.4",
    StageKind.DELETION: "3.5",
}
"""The clause that each stage follows."""
_FINAL_WAIT: Final = 3
"""Days at least between the final notice and the suspension."""
_HEADING: Final = re.compile(r"^#{2,3}\s+(\d+(?:\.\d+)?)\.?\s+\S", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")


class StagesUnordered(DomainError):
    """Each stage must come after the one before it: reminder, second reminder, final notice, suspension."""


class FinalNoticeTooShort(DomainError):
    """Leave at least %(days)s days between the final notice and the suspension."""


class TextMissing(DomainError):
    """The policy needs its text in every language; %(locale)s is missing."""


class ClauseMissing(DomainError):
    """The text in %(locale)s has no heading for clause %(clause)s."""


class VariableUnknown(DomainError):
    """The text in %(locale)s uses {{ %(name)s }}, which nobody knows."""


class AcceptanceNotLatest(DomainError):
    """A newer version of the policy is out. Read and accept that one."""


class NotYoursToAccept(DomainError):
    """Only a billing contact of a customer accepts the policy."""


def with_deletion(days: Mapping[StageKind, int]) -> dict[StageKind, int]:
    """All stages in order, the deletion added where it belongs. Raises `StagesUnordered`, `FinalNoticeTooShort`."""
    if set(days) - {StageKind.DELETION} != set(ORDER[:-1]):
        raise StagesUnordered
    chosen = [days[kind] for kind in ORDER[:-1]]
    if chosen[0] < 1 or any(after <= before for before, after in zip(chosen, chosen[1:], strict=False)):
        raise StagesUnordered
    if days[StageKind.SUSPENSION] - days[StageKind.FINAL_NOTICE] < _FINAL_WAIT:
        raise FinalNoticeTooShort(days=_FINAL_WAIT)
    whole = {kind: days[kind] for kind in ORDER[:-1]}
    return whole | {StageKind.DELETION: days[StageKind.SUSPENSION] + DATA_RETENTION_DAYS}


def filled(text: str, values: Mapping[str, str], *, locale: str) -> str:
    """The text with its numbers filled in: what is published never changes again. Raises `VariableUnknown`."""
    unknown = next((name for name in _VARIABLE.findall(text) if name not in values), None)
    if unknown is not None:
        raise VariableUnknown(name=unknown, locale=locale)
    return _VARIABLE.sub(lambda match: values[match.group(1)], text).strip() + "\n"


def check_texts(texts: Mapping[str, str]) -> None:
    """Refuse texts that lack a language, or a clause that a notice will cite. Raises `TextMissing`, `ClauseMissing`."""
    for locale in LOCALES:
        if not texts.get(locale, "").strip():
            raise TextMissing(locale=locale)
        missing = next((clause for clause in CLAUSES.values() if clause not in clauses_of(texts[locale])), None)
        if missing is not None:
            raise ClauseMissing(locale=locale, clause=missing)


def clauses_of(text: str) -> list[str]:
    """The numbers of all headings, in order."""
    return _HEADING.findall(text)


def digest(text: str) -> str:
    """The fingerprint of a text: what exactly was accepted."""
    return hashlib.sha256(text.encode()).hexdigest()
