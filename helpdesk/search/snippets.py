"""Titles and snippets with the matching pieces marked, found on the surface of the text.

The text is never analysed again: one regular expression of the question's pieces is run over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from helpdesk.search.analyze import normal, terms
from helpdesk.search.contracts import Part

WIDTH: Final = {"en": 220, "zh-Hans": 110, "ja": 110}
"""Characters of a snippet."""
_SCANNED: Final = 20_000
_MATCHES: Final = 80
_PIECES: Final = 24
_ELLIPSIS: Final = "…"
_LINE_END: Final = re.compile(r"(?<=[^\s.!?:;,。！？：；，、])\n(?=.)")
_ENDS: Final = re.compile(r"[.!?。！？\n]\s*")


def pattern(question: str, locale: str, synonyms: Sequence[str] = ()) -> re.Pattern[str] | None:
    """The expression that marks the pieces of `question`; None where there is nothing to mark."""
    pieces = {term for term in terms(question, locale) if not term.endswith("*")}
    pieces |= {term for synonym in synonyms for term in terms(synonym, locale)}
    written = normal(question, locale)
    runs = [run for run in re.split(r"[\W_]+", written) if len(run) > 1 and run[0] > "\u2fff"]
    wanted = sorted({*runs, *pieces}, key=lambda piece: (-len(piece), piece))[:_PIECES]
    if not wanted:
        return None
    return re.compile("|".join(_surface(piece, locale) for piece in wanted), re.IGNORECASE)


def _surface(piece: str, locale: str) -> str:
    if not piece.isascii():
        return re.escape(piece)
    if locale == "en" and piece.isalpha():
        stem = piece[:-1] + "[iy]" if piece.endswith("i") else re.escape(piece)
        return rf"(?<![a-z0-9]){stem}[a-z]{{0,5}}(?![a-z0-9])"
    return rf"(?<![a-z0-9]){re.escape(piece)}(?![a-z0-9])"


def marked(text: str, expression: re.Pattern[str] | None, locale: str) -> tuple[Part, ...]:
    """`text` in parts, those that match marked."""
    if expression is None:
        return (Part(text),)
    return tuple(_parts(text, list(expression.finditer(_folded(text, locale)))))


def snippet(text: str, expression: re.Pattern[str] | None, locale: str) -> tuple[Part, ...]:
    """The window of `text` with the most different matches, marked, with an ellipsis where it is cut."""
    text = text[:_SCANNED]
    width = WIDTH.get(locale, WIDTH["en"])
    matches = _some(expression, _folded(text, locale)) if expression else []
    start = _window_start(text, matches, width)
    end = _window_end(text, start, width)
    inside = [(begin - start, stop - start) for begin, stop in matches if begin >= start and stop <= end]
    parts = [Part(_one_line(part.text), marked=part.marked) for part in _cut(text[start:end], inside)]
    before = [Part(_ELLIPSIS)] if start else []
    after = [Part(_ELLIPSIS)] if end < len(text) else []
    return (*before, *parts, *after)


def _one_line(text: str) -> str:
    """Lines of a list or a table apart by a dot, sentences by what ends them."""
    return _LINE_END.sub(" · ", text).replace("\n", " ")


def _folded(text: str, locale: str) -> str:
    folded = normal(text, locale)
    if len(folded) == len(text):
        return folded
    return "".join(_same_length(character, locale) for character in text)


@lru_cache(maxsize=20_000)
def _same_length(character: str, locale: str) -> str:
    folded = normal(character, locale)
    return folded if len(folded) == 1 else character


def _some(expression: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    found = []
    for match in expression.finditer(text):
        found.append(match.span())
        if len(found) == _MATCHES:
            break
    return found


def _window_start(text: str, matches: list[tuple[int, int]], width: int) -> int:
    best, best_start = -1, 0
    for index, (begin, _) in enumerate(matches):
        inside = [(b, e) for b, e in matches[index : index + 12] if e <= begin + width]
        gain = sum(map(len, {text[b:e].lower() for b, e in inside})) * 10 + len(inside)
        if gain > best:
            best, best_start = gain, begin
    return _sentence_start(text, best_start, width // 3)


def _sentence_start(text: str, place: int, reach: int) -> int:
    low = max(0, place - reach)
    ends = [match.end() for match in _ENDS.finditer(text, low, place)]
    if ends:
        return ends[-1]
    if low == 0:
        return 0
    space = text.find(" ", low, place)
    return space + 1 if space >= 0 else low


def _window_end(text: str, start: int, width: int) -> int:
    end = min(len(text), start + width)
    if end == len(text) or not text[end - 1 : end + 1].isascii():
        return end
    space = text.rfind(" ", start + width // 2, end)
    return space if space > 0 else end


def _parts(text: str, matches: list[re.Match[str]]) -> Iterator[Part]:
    yield from _cut(text, [match.span() for match in matches])


def _cut(text: str, spans: list[tuple[int, int]]) -> Iterator[Part]:
    done = 0
    for begin, stop in spans:
        if begin > done:
            yield Part(text[done:begin])
        yield Part(text[begin:stop], marked=True)
        done = stop
    if done < len(text):
        yield Part(text[done:])
