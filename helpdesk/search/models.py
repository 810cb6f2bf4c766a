"""The tables of the search: what is indexed, what waits for the indexer, and what it has counted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, json_column


def _by_bytes(length: int) -> sa.types.TypeEngine[str]:
    """Text compared byte by byte, so that ranges of prefixes mean the same on every database."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


class IndexedDocument(Base):
    """One text in one language: its sources, and what the second stage reads of it."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    object_id: Mapped[int]
    locale: Mapped[str] = mapped_column(sa.String(10))
    audience: Mapped[str] = mapped_column(sa.String(40))
    slug: Mapped[str] = mapped_column(sa.String(160))
    title: Mapped[str] = mapped_column(sa.String(300))
    url: Mapped[str] = mapped_column(sa.String(400))
    category: Mapped[str] = mapped_column(sa.String(80), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    headings: Mapped[list[str]] = mapped_column(json_column(), default=list)
    tags: Mapped[list[str]] = mapped_column(json_column(), default=list)
    body: Mapped[str] = mapped_column(sa.Text, default="")
    helpful: Mapped[float] = mapped_column(sa.Float, default=0.0)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change."""

    analyzer: Mapped[int] = mapped_column(default=0)
    """The analyzer's version that made the columns below."""
    length: Mapped[int] = mapped_column(default=0)
    """Weighted number of terms."""
    terms: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"")
    """The term map, see `termmap`."""
    squashed_title: Mapped[str] = mapped_column(sa.Text, default="")
    squashed: Mapped[str] = mapped_column(sa.Text, default="")
    """Letters and digits of the title and of all text, for the phrase checks."""

    __table_args__ = (
        sa.UniqueConstraint("kind", "object_id", "locale"),
        sa.Index("ix_search_document_kind_locale_length", "kind", "locale", "length"),
    )


class OutboxRow(Base):
    """A document that changed or went away, written in the same transaction; the indexer takes it."""

    __tablename__ = "search_outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    locale: Mapped[str] = mapped_column(sa.String(10))
    created_at: Mapped[datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)


class CountedDocument(Base):
    """What the counts below hold of a document, so that it can be taken out again exactly."""

    __tablename__ = "search_counted"

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(20))
    locale: Mapped[str] = mapped_column(sa.String(10))
    audience: Mapped[str] = mapped_column(sa.String(40))
    packed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Its terms and its words, compressed."""


class TermCount(Base):
    """In how many documents of a kind and language a term stands."""

    __tablename__ = "search_term"

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    term: Mapped[str] = mapped_column(_by_bytes(80), primary_key=True)
    documents: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


class Collection(Base):
    """How many documents of a kind and language there are, and how long they are on average."""

    __tablename__ = "search_collection"

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    documents: Mapped[int]
    mean_length: Mapped[float] = mapped_column(sa.Float)


class Word(Base):
    """An unstemmed word of the articles of one audience: the vocabulary of "did you mean"."""

    __tablename__ = "search_word"

    locale: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    word: Mapped[str] = mapped_column(_by_bytes(40), primary_key=True)
    audience: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    stem: Mapped[str] = mapped_column(_by_bytes(40))
    """A word whose stem is known is spelt well enough."""
    documents: Mapped[int]

    __table_args__ = (sa.Index("ix_search_word_locale_stem", "locale", "stem"), {"sqlite_with_rowid": False})


class WordDelete(Base):
    """A word with up to two letters left out: how a misspelt word meets the right one."""

    __tablename__ = "search_delete"

    locale: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    key: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    """Hash of the shortened word."""
    word: Mapped[str] = mapped_column(_by_bytes(40), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class Suffix(Base):
    """A title, or a frequent question, from one of its words (or characters) to its end."""

    __tablename__ = "search_suffix"

    id: Mapped[int] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(10))
    suffix: Mapped[str] = mapped_column(_by_bytes(60))
    start: Mapped[int]
    """Where it begins in the title: the earlier, the better."""
    audience: Mapped[str] = mapped_column(sa.String(40))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("search_document.id", ondelete="CASCADE"), index=True)
    question: Mapped[str | None] = mapped_column(sa.String(120))
    """Set where this is a frequent question, not a title."""

    __table_args__ = (sa.Index("ix_search_suffix_locale_suffix", "locale", "suffix"),)


class SynonymGroup(Base):
    """Words of the trade that mean the same, in whatever language; editors change them."""

    __tablename__ = "search_synonym"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(json_column())
    updated_at: Mapped[datetime]


class LoggedQuery(Base):
    """One question that was asked, without who asked it."""

    __tablename__ = "search_query"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(10))
    is_public: Mapped[bool]
    """Asked with a stranger's rights: only these may become suggestions."""
    results: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    clicked_object_id: Mapped[int | None]


class SearchVector(Base):
    """The index of the PostgreSQL engine; empty on other databases."""

    __tablename__ = "search_vector"

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(20))
    locale: Mapped[str] = mapped_column(sa.String(10))
    audience: Mapped[str] = mapped_column(sa.String(40))
    category: Mapped[str] = mapped_column(sa.String(80))
    vector: Mapped[str] = mapped_column(sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"))

    __table_args__ = (
        sa.Index("ix_search_vector_vector", "vector", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )


class IndexState(Base):
    """Which analyzer an engine that lives in the database was last built with, and when."""

    __tablename__ = "search_state"

    engine: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    analyzer: Mapped[int]
    built_at: Mapped[datetime]
