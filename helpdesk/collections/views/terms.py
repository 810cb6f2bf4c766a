"""The terms of a policy, clause by clause, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from helpdesk.collections.models import CollectionsPolicy
from helpdesk.collections.rules.clauses import Clause, clauses_of, preamble_of
from helpdesk.kb.rendering import render_markdown


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One clause with its HTML."""

    clause: Clause
    html: Markup


@dataclass(frozen=True, slots=True)
class Terms:
    """A text in one language."""

    locale: str
    preamble: Markup
    clauses: tuple[ShownClause, ...]

    def title_of(self, number: str) -> str:
        """What a clause is called; nothing for one that the text lacks."""
        return next((shown.clause.title for shown in self.clauses if shown.clause.number == number), "")


def terms_in(policy: CollectionsPolicy, locale: str) -> Terms:
    """The terms in a language, or in English where that is missing; `Terms.locale` says which it is."""
    text = policy.text_in(locale)
    return _terms(text.body, text.locale)


@lru_cache(maxsize=32)
def _terms(body: str, locale: str) -> Terms:
    shown = tuple(ShownClause(clause, render_markdown(clause.body, locale=locale).html) for clause in clauses_of(body))
    return Terms(locale, render_markdown(preamble_of(body), locale=locale).html, shown)
