"""Questions in PostgreSQL's words: our terms as a `tsquery`, and which documents hold what is demanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from helpdesk.search.budget import POSTINGS_READ
from helpdesk.search.ports import Demand, Scope


def room(kind: str, locale: str, audience: str) -> str:
    """A term of every document that says who finds it: the index looks it up, and no other document's row is read."""
    return f"\x1f{kind}\x1f{locale}\x1f{audience}"


def rooms(scope: Scope) -> str:
    """The documents of a scope, whatever their category."""
    return f"({any_of(room(scope.kind, scope.locale, audience) for audience in sorted(scope.audiences))})"


def quoted(term: str) -> str:
    """A term as it stands in a `tsquery` or a `tsvector`."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(terms: Iterable[str]) -> str:
    """One of the terms."""
    return " | ".join(quoted(term) for term in terms)


def holding(demands: Sequence[Demand], limit: int) -> tuple[sa.TextClause, dict[str, Any]]:
    """The newest documents of each of `demands`, as a statement and its values."""
    values: dict[str, Any] = {"limit": limit}
    for number, each in enumerate(demands):
        values[f"asked{number}"] = " & ".join([*(f"({any_of(need)})" for need in each.needs), rooms(each.scope)])
        values[f"categories{number}"] = sorted(each.scope.categories)
    parts = (_holding(number, each) for number, each in enumerate(demands))
    return sa.text(" UNION ALL ".join(f"({part})" for part in parts)), values


def _holding(number: int, demand: Demand) -> str:
    """Where few documents can fit they are gathered first: read from the newest on, the table would be read whole."""
    category = f" AND category = ANY(:categories{number})" if demand.scope.categories else ""
    fitting = f"FROM search_vector WHERE vector @@ CAST(:asked{number} AS tsquery){category}"
    if demand.fewest <= POSTINGS_READ:
        fitting = f"FROM (SELECT document_id {fitting} OFFSET 0) AS fitting"
    return f"SELECT document_id {fitting} ORDER BY document_id DESC LIMIT :limit"
