"""Keeping hostile Markdown away from the parser.

Python-Markdown takes quadratic time on runs of openers (`[[[[`) and recurses once for each level of quote or list.
Texts that people write are far below these limits; one that is above them is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MAX_CHARACTERS: Final = 120_000
"""The longest text that is parsed."""

MAX_LINES: Final = 3_000
"""Lines of running text (fenced code not counted)."""

MAX_BLOCKS: Final = 1_500
"""Paragraphs, lists, tables, blocks of code."""

MAX_LEVELS: Final = 8
"""Levels of quotes, lists and indentation within each other; deeper ones are drawn back to this."""

MAX_SPECIALS: Final = 300
"""Openers of one kind in one block, or in one row of a table."""

MAX_SPECIALS_IN_ALL: Final = 6_000
"""Openers of all kinds outside fenced code."""

MAX_TAGS: Final = 2_000
"""Angle brackets in all; unfinished tags are searched for to the end of the text."""

MAX_LINE: Final = 20_000
"""Characters of one line."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FENCE = re.compile(r"(`{3,40}|~{3,40})[^`~]{0,200}$")
_OPENERS = "[*_`!~^\\{&:@#=?"
_OPENER = re.compile(r"[\[*_`!~^\\{&@#=?]")
_MARKER = re.compile(r"[ \t]{0,40}(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])|:(?=[ \t])|!!!|\?\?\?\+?)[ \t]{0,4}")
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*){0,80}$")
_BLANKS = re.compile(r"[ \t]{200,}")


class TooWild(Exception):
    """The text is not something a person writes."""


def plain_lines(text: str) -> str:
    """The text with plain line ends and without control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tame(text: str) -> str:
    """The text, shallow enough to parse.

    Raises `TooWild` when it would take long to parse.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooWild
    tamed: list[str] = []
    lines = specials = tags = 0
    for count, (block, is_code) in enumerate(_blocks(_BLANKS.sub(" ", text))):
        if not is_code:
            specials += len(_OPENER.findall(block))
            lines += block.count("\n") + 1
            tags += block.count("<")
            _refuse_wild(block)
        if count > MAX_BLOCKS or lines > MAX_LINES or specials > MAX_SPECIALS_IN_ALL or tags > MAX_TAGS:
            raise TooWild
        tamed.append(block if is_code else "\n".join(_shallow(line) for line in block.split("\n")))
    return "\n".join(tamed)


def _refuse_wild(block: str) -> None:
    """Count openers by block, because a paragraph is searched as a whole; by row in a table."""
    rows = block.split("\n")
    if any(len(row) > MAX_LINE for row in rows):
        raise TooWild
    is_table = len(rows) > 1 and "|" in rows[0] and _RULE.match(rows[1]) is not None
    for piece in rows if is_table else [block]:
        if any(piece.count(character) > MAX_SPECIALS for character in _OPENERS) or piece.count("|") > MAX_SPECIALS * 20:
            raise TooWild


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Blocks between empty lines, each with whether it is a whole fenced block of code."""
    lines = text.split("\n")
    closing = _closing_fences(lines)
    start = index = 0
    while index < len(lines):
        if index in closing:
            if start < index:
                yield "\n".join(lines[start:index]), False
            yield "\n".join(lines[index : closing[index] + 1]), True
            start = index = closing[index] + 1
            continue
        index += 1
        if not lines[index - 1].strip():
            yield "\n".join(lines[start:index]), False
            start = index
    if start < len(lines):
        yield "\n".join(lines[start:]), False


def _closing_fences(lines: list[str]) -> dict[int, int]:
    """Line of each opening fence at the margin, with the line that closes it."""
    found: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        if opened is not None and line.rstrip() == opened[1]:
            found[opened[0]] = number
            opened = None
        elif opened is None and (match := _FENCE.match(line)):
            opened = (number, match.group(1))
    return found


def _shallow(line: str) -> str:
    """The line with at most so many levels of quotes, lists and indentation before its text."""
    bare = line.lstrip(" \t")
    indent = min(len(line[: len(line) - len(bare)].expandtabs(4)) // 4, MAX_LEVELS)
    if indent == MAX_LEVELS:
        line = " " * (MAX_LEVELS * 4) + bare
    position, levels = 0, indent
    while match := _MARKER.match(line, position):
        levels += 1
        if levels > MAX_LEVELS:
            return line[:position] + line[position:].lstrip(" \t>-*+.:!?0123456789)")
        position = match.end()
    return line
