"""The analyzer, ours, the same for every engine: text to terms.

English is stemmed; Chinese and Japanese become overlapping pairs of characters; Latin words and
numbers inside them stay whole; identifiers are found whole, by their parts and by their beginning.
No dictionary is used. A term that ends with `PREFIX` is the beginning of an identifier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from whoosh.lang.snowball.english import EnglishStemmer

from helpdesk.search.chinese import TO_SIMPLIFIED

ANALYZER_VERSION: Final = 4
"""Grows with every change of what is stored of a text; indexes of another version are rebuilt."""

PREFIX: Final = "*"
TERM_MAX: Final = 64
"""Characters of a term; longer words are cut."""
_PREFIX_MIN, _PREFIX_MAX = 3, 24

_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
_HAN = "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_CJK = _HIRAGANA + _KATAKANA + _HAN
_LETTER = f"[^\\W_{_CJK}]"
_PIECE: Final = re.compile(f"([{_CJK}]+)|{_LETTER}+(?:[.,@/'’&+\\-–:]{_LETTER}+|_+{_LETTER}+)*(?:\\+\\+|[%#])?")
_PLAIN: Final = re.compile(f"{_LETTER}+")
_SQUASHED: Final = re.compile(f"[{_CJK}]|{_LETTER}")
_NOT_SQUASHED: Final = re.compile(r"[\W_]+")
_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*%?")
_STOP: Final = frozenset(
    (  # noqa: SIM905 - a hundred quoted words are harder to read
        "a about after all also am an and any are as at be because been before being between both but by can could "
        "did do does doing down during each few for from further had has have having he her here hers him his how i "
        "if in into is it its itself just me more most my no nor not of off on once only or other our out over own "
        "same she should so some such than that the their them then there these they this those through to too "
        "under until up us very was we were what when where which while who whom why will with would you your"
    ).split(" ")
)
_CHECKED_MIN, _CHECKED_MAX = 4, 30
_IDENTIFIER_MIN: Final = 6
"""Letters and digits mixed are an identifier from this length; shorter ones (E3) are words."""


def normal(text: str, locale: str) -> str:
    """`text` in one form: NFKC, lower case, and for Chinese the simplified characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return text.translate(TO_SIMPLIFIED) if locale == "zh-Hans" else text


def squash(text: str, locale: str) -> str:
    """Letters and digits of `text`, nothing between them: phrases are compared in this form."""
    return _NOT_SQUASHED.sub("", normal(text, locale))


def terms(text: str, locale: str) -> list[str]:
    """The terms of `text`, in order, repeated as often as they stand there."""
    found: list[str] = []
    for piece in _PIECE.finditer(normal(text, locale)):
        if piece[1]:
            found += _pairs(piece[1])
        else:
            found += _latin(piece[0], locale)
    return found


def pieces(text: str, locale: str) -> Iterator[tuple[str, bool]]:
    """The words of `text` in one form, and whether each is a run of Chinese or Japanese."""
    for piece in _PIECE.finditer(normal(text, locale)):
        yield piece[0], bool(piece[1])


def plain_words(piece: str) -> list[str]:
    """The letters and digits between the hyphens and points of a Latin word."""
    return _PLAIN.findall(piece.replace("'", ""))


def words(text: str) -> set[str]:
    """The unstemmed Latin words of `text` that spelling may be checked with."""
    return {word for word in _PLAIN.findall(unicodedata.normalize("NFKC", text).lower()) if is_checkable(word)}


def is_checkable(word: str) -> bool:
    """Whether a word is long enough, and a word at all, for its spelling to be judged."""
    return _CHECKED_MIN <= len(word) <= _CHECKED_MAX and word.isalpha() and word not in _STOP and not word[0] > "\u024f"


def single_characters(text: str, locale: str) -> set[str]:
    """Chinese or Japanese characters that stand alone in `text`: they are looked up as beginnings of pairs."""
    return {piece for piece, is_cjk in pieces(text, locale) if is_cjk and len(piece) == 1}


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
        return
    for first, second in pairwise(run):
        if not (_is_hiragana(first) and _is_hiragana(second)):
            yield first + second


def _is_hiragana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f"


def _latin(piece: str, locale: str) -> list[str]:
    piece = piece.replace("’", "'").removesuffix("'s")
    if piece.isalpha():
        return _word(piece, locale)
    if _NUMBER.fullmatch(piece):
        return _number(piece)
    if _is_identifier(piece):
        return [*_identifier(piece[:TERM_MAX], locale)]
    if piece[-1] in "+#%":
        return [piece[:TERM_MAX], *_parts(piece, locale)]
    parts = _parts(piece.replace("'", ""), locale)
    joined = piece.replace("-", "")
    return [*parts, *_word(joined, locale)] if "-" in piece and joined.isalpha() else parts


def _word(word: str, locale: str) -> list[str]:
    if locale != "en":
        return [word[:TERM_MAX]]
    return [] if word in _STOP else [stem_of(word[:TERM_MAX])]


_english: Final = EnglishStemmer().stem
"""Whoosh's other stemmer, called Porter, leaves the ending of "reactivated" on."""


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The stem of an English word; other words are their own."""
    return str(_english(word)) if word.isascii() else word


def _number(piece: str) -> list[str]:
    whole = piece.replace(",", "")[:TERM_MAX]
    return [whole, whole[:-1]] if whole.endswith("%") else [whole]


def _parts(piece: str, locale: str) -> list[str]:
    return [term for part in _PLAIN.findall(piece) for term in _word(part, locale)]


def _is_identifier(piece: str) -> bool:
    if "@" in piece or ("." in piece and not piece.endswith(("%", "#", "+"))):
        return True
    has_digit = any(character.isdigit() for character in piece)
    return has_digit and (len(piece) >= _IDENTIFIER_MIN or "-" in piece or "_" in piece or "/" in piece)


def _identifier(whole: str, locale: str) -> Iterator[str]:
    yield whole
    if not _GUID.fullmatch(whole):
        parts = _parts(whole, locale)
        yield from parts if parts != [whole] else ()
    for length in range(_PREFIX_MIN, min(len(whole), _PREFIX_MAX) + 1):
        yield whole[:length] + PREFIX


def query_terms(text: str, locale: str) -> list[str]:
    """The different terms of a question, in order; an identifier is also looked up as a beginning."""
    found: dict[str, None] = {}
    for term in terms(text, locale):
        if not term.endswith(PREFIX):
            found[term] = None
    for piece in _PIECE.finditer(normal(text, locale)):
        if not piece[1] and len(piece[0]) >= _PREFIX_MIN and _is_identifier(piece[0]):
            found[piece[0][:_PREFIX_MAX] + PREFIX] = None
    return list(found)
