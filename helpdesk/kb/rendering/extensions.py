"""What our Markdown can do beyond the original: the extensions, and two of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.slugs import slugify

from helpdesk.kb.rendering.sanitising import is_reserved
from helpdesk.kb.rendering.words import word

VARIABLE: Final = re.compile(r"\{\{\s{0,9}([a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,60})\s{0,9}\}\}")
"""`{{ policy.suspension_day }}`."""

_slugify = slugify(case="lower")


class _VariablePattern(InlineProcessor):
    """Puts a live value where its name stands, or marks the name when nobody knows it."""

    def __init__(self, md: Markdown, values: Mapping[str, str], unknown: set[str], locale: str) -> None:
        super().__init__(VARIABLE.pattern, md)
        self.values, self.unknown, self.locale = values, unknown, locale

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | str, int, int]:
        del data
        name = m.group(1)
        value = self.values.get(name)
        if value is not None:
            return AtomicString(value), m.start(0), m.end(0)
        self.unknown.add(name)
        mark = ET.Element("mark", {"class": "unknown-variable", "title": word("variable", self.locale)})
        mark.text = AtomicString("{{ %s }}" % name)  # noqa: UP031 - braces
        return mark, m.start(0), m.end(0)


class Variables(Extension):
    """`{{ group.name }}` in running text, not in code."""

    def __init__(self, values: Mapping[str, str], unknown: set[str], locale: str) -> None:
        """Take the values, the set in which to note unknown names, and the language of the text."""
        super().__init__()
        self.values, self.unknown, self.locale = values, unknown, locale

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Look for variables before emphasis sees their underscores."""
        md.inlinePatterns.register(_VariablePattern(md, self.values, self.unknown, self.locale), "variable", 185)


class _OneTitle(Treeprocessor):
    """The page prints the title: a first-level heading at the top goes, others become second-level."""

    def run(self, root: ET.Element) -> None:
        if len(root) and root[0].tag == "h1":
            root.remove(root[0])
        for heading in root.iter("h1"):
            heading.tag = "h2"


class OneTitle(Extension):
    """No second title on the page."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Run before the table of contents is made."""
        md.treeprocessors.register(_OneTitle(md), "one_title", 9)


def heading_id(value: str, separator: str) -> str:
    """An id from the heading's words in any script, kept apart from the page's own ids."""
    slug = re.sub(r"-{2,}", "-", str(_slugify(value, separator))).strip("-") or "section"
    return f"section-{slug}" if is_reserved(slug) else slug


COMMON: Final[list[str]] = [
    "tables",
    "sane_lists",
    "pymdownx.betterem",
    "pymdownx.tilde",
    "pymdownx.superfences",
    "pymdownx.highlight",
]
ARTICLE: Final[list[str]] = [
    *COMMON,
    "admonition",
    "def_list",
    "footnotes",
    "pymdownx.tasklist",
    "pymdownx.details",
    "toc",
]
MESSAGE: Final[list[str]] = [*COMMON, "nl2br"]
CONFIG: Final[dict[str, dict[str, Any]]] = {
    "toc": {"slugify": heading_id, "toc_depth": "2-3", "permalink": False},
    "pymdownx.highlight": {"guess_lang": False, "use_pygments": True, "noclasses": False, "linenums": None},
    "pymdownx.betterem": {"smart_enable": "underscore"},
    "pymdownx.tilde": {"subscript": False},
}
