"""Making hostile Markdown small and shallow before it is parsed.

Python-Markdown takes quadratic time on runs of openers (`[[[[`) and recurses once for each level of quote or list.
Text that a person writes is far below these limits; above them it is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MAX_CHARACTERS: Final = 200_000
"""The longest text that is rendered; the rest is cut off."""

MAX_LEVELS: Final = 8
"""Levels of quotes and lists within each other."""

MAX_SPECIALS: Final = 400
"""Openers of one kind in one block."""

MAX_SPECIALS_IN_ALL: Final = 20_000
"""Special characters in the whole text, outside fenced code."""

MAX_BLOCKS: Final = 4_000
"""Paragraphs, lists, tables and so on in the whole text."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
_SPECIAL = re.compile(r"[\[\]()*_`<>&!~^=+#{}$:|\\]")
_COUNTED = "[*_`<!~^\\{&:@"
_MARKER = re.compile(r"[ \t]*(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])|:(?=[ \t])|!!!|\?\?\?)")


def tame(text: str) -> str:
    """The text with line ends made plain and with nothing in it that takes long to parse."""
    text = _CONTROL.sub("", text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
    left = MAX_SPECIALS_IN_ALL
    tamed: list[str] = []
    for count, (block, is_code) in enumerate(_blocks(text)):
        if is_code and count < MAX_BLOCKS:
            tamed.append(block)
            continue
        left -= len(_SPECIAL.findall(block))
        if left < 0 or count >= MAX_BLOCKS:
            tamed.append(_as_typed(block))
            break
        tamed.append(_tame_block(block))
    return "\n".join(tamed)


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Blocks between empty lines, each with whether it is a whole fenced block of code."""
    lines = text.split("\n")
    start = index = 0
    closing = _closing_fences(lines)
    while index < len(lines):
        if index in closing:
            if start < index:
                yield "\n".join(lines[start:index]), False
            yield "\n".join(lines[index : closing[index] + 1]), True
            start = index = closing[index] + 1
            continue
        if not lines[index].strip():
            yield "\n".join(lines[start : index + 1]), False
            start = index + 1
        index += 1
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


def _tame_block(block: str) -> str:
    if any(block.count(character) > MAX_SPECIALS for character in _COUNTED):
        return _as_typed(block)
    return "\n".join(_tame_line(line) for line in block.split("\n"))


def _tame_line(line: str) -> str:
    """The line with at most so many levels of quotes, lists and indentation."""
    bare = line.lstrip(" \t")
    indent = len(line[: len(line) - len(bare)].expandtabs(4))
    if indent > MAX_LEVELS * 4:
        line = " " * (MAX_LEVELS * 4) + bare
    position, levels = 0, indent // 4
    while match := _MARKER.match(line, position):
        levels += 1
        if levels > MAX_LEVELS:
            return line[:position] + " " + _as_typed(line[position:].lstrip())
        position = match.end()
    return line


def _as_typed(text: str) -> str:
    """The text with every special character spelt out, so that it shows as it is."""
    spelt = _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", text)
    return re.sub(r"^([ \t]*)([-+.0-9]|\?\?\?)", lambda match: match.group(1) + f"&#{ord(match.group(2)[0])};" + match.group(2)[1:], spelt, flags=re.M)
