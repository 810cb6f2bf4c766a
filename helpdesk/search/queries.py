"""What the search reads from the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from helpdesk.search.models import Collection, IndexedDocument, SynonymGroup, TermCount
from helpdesk.search.ports import Asked, Frequencies, Scope, WeightedTerm
from helpdesk.search.ranking import Candidate
from helpdesk.search.termmap import HEADINGS_END

_BEGINNINGS = 8
_GUESS = 0.5
_SCANNED = 1_500
_LAST = "\U0010ffff"


def within(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """The mandatory filter over `search_document`: kind, language, audience, and category if any."""
    conditions: list[sa.ColumnElement[bool]] = [
        IndexedDocument.kind == scope.kind,
        IndexedDocument.locale == scope.locale,
        IndexedDocument.audience.in_(sorted(scope.audiences)),
    ]
    if scope.categories:
        conditions.append(IndexedDocument.category.in_(sorted(scope.categories)))
    return conditions


def frequencies(session: Session, asked: Sequence[Asked]) -> list[Frequencies]:
    """How often each term occurs in the documents of its kind and language; one statement for all of `asked`."""
    values: dict[str, Any] = {}
    for number, each in enumerate(asked):
        values |= {f"kind{number}": each.scope.kind, f"locale{number}": each.scope.locale}
        values[f"terms{number}"] = [term.term for term in each.terms]
    counts: list[dict[str, int]] = [{} for _ in asked]
    sizes = [(0, 1.0)] * len(asked)
    statement = _frequencies(len(asked), _dialect(session))
    for number, term, documents, mean in session.connection().execute(statement, values):
        if term:
            counts[number][term] = documents
        else:
            sizes[number] = documents, mean
    return [Frequencies(its, *size) for its, size in zip(counts, sizes, strict=True)]


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _among(column: sa.ColumnElement[Any], name: str, dialect: str) -> sa.ColumnElement[bool]:
    """`column` is in the list bound as `name`: where there are arrays, one prepared text for any number."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(name, type_=ARRAY(column.type)))
    return column.in_(sa.bindparam(name, expanding=True))


@lru_cache(maxsize=8)
def _frequencies(scopes: int, dialect: str) -> sa.CompoundSelect[Any]:
    """Built once: building takes longer than asking, as in the two below."""
    return sa.union_all(*(part for number in range(scopes) for part in _frequencies_of(number, dialect)))


def _frequencies_of(number: int, dialect: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    term, collection = TermCount.__table__.c, Collection.__table__.c
    place: sa.ColumnElement[int] = sa.literal_column(str(number), sa.Integer)
    kind: sa.BindParameter[str] = sa.bindparam(f"kind{number}")
    locale: sa.BindParameter[str] = sa.bindparam(f"locale{number}")
    each = sa.select(place, term.term, term.documents, sa.literal_column("0.0")).where(
        term.kind == kind, term.locale == locale, _among(term.term, f"terms{number}", dialect)
    )
    size = sa.select(place, sa.literal_column("''"), collection.documents, collection.mean_length).where(
        collection.kind == kind, collection.locale == locale
    )
    return each, size


def beginnings(session: Session, wanted: Sequence[tuple[Scope, Iterable[str]]]) -> list[list[WeightedTerm]]:
    """Terms of each scope that go on from one of its pieces (a character, a part of a word), the commonest first.

    At most one statement.
    """
    pieces = [(place, scope, piece) for place, (scope, begun) in enumerate(wanted) for piece in begun]
    found: list[list[WeightedTerm]] = [[] for _ in wanted]
    if not pieces:
        return found
    parts = [_beginning(number, scope, piece).subquery() for number, (_, scope, piece) in enumerate(pieces)]
    together = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    in_order = sa.select(together.c.number, together.c.term).order_by(
        together.c.number, together.c.documents.desc(), together.c.term
    )
    for number, term in session.execute(in_order):
        found[pieces[number][0]].append(WeightedTerm(term, _GUESS))
    return found


def _beginning(number: int, scope: Scope, piece: str) -> sa.Select[int, str, int]:
    return (
        sa.select(sa.literal_column(str(number), sa.Integer).label("number"), TermCount.term, TermCount.documents)
        .where(
            TermCount.kind == scope.kind,
            TermCount.locale == scope.locale,
            TermCount.term > piece,
            TermCount.term < piece + _LAST,
        )
        .order_by(TermCount.documents.desc(), TermCount.term)
        .limit(_BEGINNINGS)
    )


def candidates(session: Session, scope: Scope, ids: Sequence[int], phrase: str) -> list[Candidate]:
    """What the ranking reads of the documents `ids`, as far as they are within `scope`."""
    if not ids:
        return []
    statement = _candidates(_dialect(session), with_phrase=len(phrase) > 1, in_category=bool(scope.categories))
    values: dict[str, Any] = {"ids": list(ids), "kind": scope.kind, "locale": scope.locale}
    values["audiences"] = sorted(scope.audiences)
    if scope.categories:
        values["categories"] = sorted(scope.categories)
    if len(phrase) > 1:
        values["phrase"] = phrase
    return [_candidate(*row) for row in session.connection().execute(statement, values)]


@lru_cache(maxsize=8)
def _candidates(dialect: str, *, with_phrase: bool, in_category: bool) -> sa.Select[Any]:
    document = IndexedDocument.__table__.c
    place = sa.func.instr if dialect == "sqlite" else sa.func.strpos
    phrase = sa.bindparam("phrase", type_=sa.Text()) if with_phrase else None
    statement = sa.select(
        document.id,
        document.terms,
        document.length,
        document.squashed_title,
        sa.literal(0) if phrase is None else place(document.squashed, phrase),
        place(document.squashed, sa.literal(HEADINGS_END)),
        document.helpful,
        document.updated_at,
    ).where(
        _among(document.id, "ids", dialect),
        document.kind == sa.bindparam("kind"),
        document.locale == sa.bindparam("locale"),
        _among(document.audience, "audiences", dialect),
    )
    return statement.where(_among(document.category, "categories", dialect)) if in_category else statement


def _candidate(  # noqa: PLR0917 - the columns of a row
    number: int, terms: bytes, length: int, title: str, place: int, end: int, helpful: float, updated_at: datetime
) -> Candidate:
    return Candidate(number, terms, length, title, place > 0, 0 < place < end, helpful, updated_at)


def _contains(session: Session, column: Any, phrase: str) -> sa.ColumnElement[bool]:  # noqa: ANN401 - any text column
    return _place(session, column, phrase) > 0 if len(phrase) > 1 else sa.false()


def _place(session: Session, column: Any, text: str) -> sa.ColumnElement[int]:  # noqa: ANN401 - any text column
    """Where `text` begins, from 1; 0 where it is not, or is nothing."""
    if not text:
        return sa.literal(0)
    place = sa.func.instr if _dialect(session) == "sqlite" else sa.func.strpos
    return cast("sa.ColumnElement[int]", place(column, text))


def with_phrase(session: Session, scope: Scope, phrase: str, *, limit: int) -> list[int]:
    """Ids of documents that hold `phrase`: in titles, in headings, in texts; only the newest are looked through."""
    document = IndexedDocument
    newest = sa.select(document.id).where(*within(scope)).order_by(document.id.desc()).limit(_SCANNED)
    in_title = _contains(session, document.squashed_title, phrase)
    in_heading = _place(session, document.squashed, phrase) < _place(session, document.squashed, HEADINGS_END)
    statement = (
        sa.select(document.id)
        .where(document.id.in_(newest), _contains(session, document.squashed, phrase))
        .order_by(sa.case((in_title, 0), (in_heading, 1), else_=2), document.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def documents(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """What is shown of the documents `ids`."""
    rows = session.connection().execute(_documents(_dialect(session)), {"ids": list(ids)}) if ids else ()
    return {row.id: row for row in rows}


@lru_cache(maxsize=2)
def _documents(dialect: str) -> sa.Select[Any]:
    document = IndexedDocument.__table__.c
    return sa.select(
        document.id,
        document.object_id,
        document.locale,
        document.slug,
        document.title,
        document.summary,
        document.url,
        document.category,
        document.updated_at,
        document.body,
    ).where(_among(document.id, "ids", dialect))


def objects(ids: Sequence[int], *, kind: str, audiences: frozenset[str], phrases: Sequence[str] = ()) -> sa.Select[int]:
    """What the documents `ids` are about of this kind, for these audiences, that hold the squashed `phrases`."""
    document = IndexedDocument
    return sa.select(document.object_id).where(
        document.id.in_(ids),
        document.kind == kind,
        document.audience.in_(sorted(audiences)),
        *(document.squashed.contains(phrase, autoescape=True) for phrase in phrases),
    )


def document_of(session: Session, *, kind: str, object_id: int, locale: str) -> IndexedDocument | None:
    """The row of one text in one language."""
    return session.scalars(
        sa.select(IndexedDocument).where(
            IndexedDocument.kind == kind, IndexedDocument.object_id == object_id, IndexedDocument.locale == locale
        )
    ).one_or_none()


def synonym_groups(session: Session) -> list[SynonymGroup]:
    """All groups of synonyms, in the order in which they were made."""
    return list(session.scalars(sa.select(SynonymGroup).order_by(SynonymGroup.id)))


def synonym_words(session: Session) -> list[list[str]]:
    """Only their words."""
    return list(session.scalars(sa.select(SynonymGroup.words).order_by(SynonymGroup.id)))
