"""The table of who may do what, as read from `access_matrix.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from flask import Flask
from werkzeug.test import TestResponse

from tests.security.house import DOOR

TABLE: Final = Path(__file__).with_name("access_matrix.txt")
HOW: Final = (
    f"Add or mend its row in tests/security/{TABLE.name} (its head says how); "
    "`python -m pytest tests/security/test_access_matrix.py` shows what happens now."
)
LET_IN, SIGN_IN, FORBIDDEN, ABSENT = "+", "in", "403", "404"


@dataclass(frozen=True, slots=True)
class Row:
    """What happens to each person who asks one thing of one route."""

    endpoint: str
    method: str
    object: str
    outcome: dict[str, str]


def asked_of(app: Flask) -> set[tuple[str, str]]:
    """What the routes take: endpoint and method."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def written() -> set[tuple[str, str]]:
    """What the table speaks of."""
    return {(row.endpoint, row.method) for row in rows()}


def rows() -> list[Row]:
    """Every row; one with several methods counts for each."""
    return list(_read(TABLE.read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Row]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    heading, *body = lines
    assert heading.partition("|")[2].split() == list(DOOR), "the columns of the table are not the people at the door"
    starts = [heading.index(word) for word in ("endpoint", "methods", "object", "|")]
    for line in body:
        endpoint, methods, thing = (line[start:end].strip() for start, end in pairwise(starts))
        cells = line.partition("|")[2].split()
        assert len(cells) == len(DOOR), f"not {len(DOOR)} cells: {line}"
        for method in methods.split():
            yield Row(endpoint, method, thing, dict(zip(DOOR, cells, strict=True)))


def outcome_of(answer: TestResponse) -> str:
    """What an answer means, in the words of the table."""
    if answer.status_code == 302 and "/sign-in" in answer.headers["Location"]:
        return SIGN_IN
    if answer.status_code in {401, 403, 404}:
        return SIGN_IN if answer.status_code == 401 else str(answer.status_code)
    return LET_IN if answer.status_code < 500 else str(answer.status_code)
