"""The terms as numbered clauses: what a notice cites, and where the page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HEADING: Final = re.compile(r"^(#{2,3})[ \t]+(\d{1,2}(?:\.\d{1,2})?)\.?[ \t]+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One heading with its number and what stands under it."""

    number: str
    title: str
    body: str
    level: int

    @property
    def anchor(self) -> str:
        """Where the page shows it, the same in every language."""
        return anchor_of(self.number)


def anchor_of(number: str) -> str:
    """`clause-3-2` for clause 3.2."""
    return f"clause-{number.replace('.', '-')}"


def preamble_of(text: str) -> str:
    """What stands before the first clause."""
    first = _HEADING.search(text)
    return text[: first.start()].strip() if first else text.strip()


def clauses_of(text: str) -> list[Clause]:
    """Every clause in order; a heading without a number belongs to the clause above it."""
    return list(_clauses(text))


def _clauses(text: str) -> Iterator[Clause]:
    found = list(_HEADING.finditer(text))
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        marks, number, title = match.groups()
        yield Clause(number, title.strip(), text[match.end() : end].strip(), len(marks))
