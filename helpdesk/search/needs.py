"""What a document must hold for a list's search to show it: all the words, whatever the language.

A need is some terms of which the document must hold one. A Latin word is a need; so is each part of a
hyphenated word or an identifier, unless the document holds it whole. Of Chinese and Japanese every character
must stand in a pair that the document holds, hiragana and characters alone among hiragana excepted: so words
are found in whatever order and with other words between them, but none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from helpdesk.search.analyze import pieces, plain_words, query_terms, squash, terms
from helpdesk.search.synonyms import groups_used

Need = tuple[str, ...]

NEEDS_MAX: Final = 30
"""Of longer questions the rest is not demanded."""
_HIRAGANA: Final = re.compile("[\u3041-\u309f]+")


def needs(text: str, locale: str, groups: Iterable[Sequence[str]]) -> list[Need]:
    """The needs of a question, the synonyms of its words among them; empty where it has no term at all."""
    found = [need for piece, is_cjk in pieces(text, locale) for need in _of_piece(piece, locale, is_cjk=is_cjk)]
    widened = dict.fromkeys(found[:NEEDS_MAX])
    for used, others in groups_used(text, groups, locale):
        widened = dict.fromkeys(each for need in widened for each in _with_synonyms(need, used, others, locale))
    return [*widened]


def as_written(text: str) -> list[str]:
    """Words whose parts are too small to be looked up (`sign-in`), squashed: the text must hold them as they stand."""
    return [squash(piece, "en") for piece, is_cjk in pieces(text, "en") if not is_cjk and _loses_parts(piece)]


def _of_piece(piece: str, locale: str, *, is_cjk: bool) -> list[Need]:
    return _of_run(piece) if is_cjk else _of_latin(piece, locale)


def _of_latin(piece: str, locale: str) -> list[Need]:
    asked = query_terms(piece, locale)
    parts = [term for word in plain_words(piece) for term in terms(word, locale) if term in asked]
    whole = tuple(term for term in asked if term not in parts)
    return [(*whole, part) for part in parts] or ([whole] if whole else [])


def _loses_parts(piece: str) -> bool:
    words = plain_words(piece)
    return len(words) > 1 and any(terms(word, "en") for word in words) and not all(terms(word, "en") for word in words)


def _of_run(run: str) -> list[Need]:
    demanded = [need for word in _HIRAGANA.split(run) for need in _of_word(word)]
    return demanded or ([tuple(terms(run, "ja"))] if terms(run, "ja") else [])


def _of_word(word: str) -> Iterator[Need]:
    """Each character in one of its pairs: the first and the last pair, and one of any two that meet."""
    pairs = [first + second for first, second in pairwise(word)]
    if pairs:
        yield (pairs[0],)
        yield from ((first, second) for first, second in pairwise(pairs[1:-1]))
        yield (pairs[-1],)


def _with_synonyms(need: Need, used: Sequence[str], others: Sequence[str], locale: str) -> list[Need]:
    """A need of a used word is met by another word of its group too: by its first term and by its last."""
    if not any(term in need for word in used for term in query_terms(word, locale)):
        return [need]
    asked = [found for word in others if (found := query_terms(word, locale))]
    return [tuple(dict.fromkeys([*need, *(found[place] for found in asked)])) for place in (0, -1)]
