"""From Markdown to HTML that is safe to show."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from markdown import Markdown
from markupsafe import Markup

from helpdesk.kb.rendering import extensions
from helpdesk.kb.rendering.addresses import is_external
from helpdesk.kb.rendering.sanitising import sanitise
from helpdesk.kb.rendering.taming import TooWild, plain_lines, tame
from helpdesk.kb.rendering.words import word


class Profile(StrEnum):
    """What kind of text it is."""

    ARTICLE = "article"
    """Everything, with anchors and a table of contents."""
    MESSAGE = "message"
    """What people write in tickets: line ends are kept, and there are no anchors."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of the table of contents."""

    level: int
    id: str
    text: str
    children: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text, ready to show."""

    html: Markup
    toc: tuple[Heading, ...] = ()
    unknown_variables: frozenset[str] = frozenset()

    @property
    def headings(self) -> list[str]:
        """The words of all headings, in order."""
        return [text for heading in self.toc for text in (heading.text, *(child.text for child in heading.children))]


@dataclass(frozen=True, slots=True)
class _Text:
    source: str
    locale: str = "en"
    slug: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    profile: Profile = Profile.ARTICLE


def render_text(
    source: str,
    *,
    locale: str = "en",
    slug: str = "",
    variables: Mapping[str, str] | None = None,
    profile: Profile = Profile.ARTICLE,
) -> Rendered:
    """Render Markdown in bounded time; `slug` is the article whose pictures may be shown.

    Variables that `variables` does not know are shown marked and named in the result.
    """
    source = plain_lines(source)
    try:
        return _rendered(_Text(tame(source), locale, slug, variables or {}, profile))
    except (TooWild, RecursionError, ValueError, IndexError, AttributeError, KeyError):  # or a parser that lost its way
        return Rendered(Markup('<pre class="as-typed">{}</pre>').format(source))


def _rendered(text: _Text) -> Rendered:
    unknown: set[str] = set()
    options = extensions.CONFIG | {"footnotes": {"BACKLINK_TITLE": word("footnote", text.locale)}}
    parser = Markdown(
        extensions=[
            *(extensions.ARTICLE if text.profile is Profile.ARTICLE else extensions.MESSAGE),
            extensions.Variables(text.variables, unknown, text.locale),
            extensions.OneTitle(),
        ],
        extension_configs=options,
        output_format="html",
    )
    raw = _with_task_marks(parser.convert(text.source), text.locale)
    safe = _finished(sanitise(raw, locale=text.locale, slug=text.slug), text.locale)
    toc = tuple(_heading(token) for token in getattr(parser, "toc_tokens", ()))
    return Rendered(Markup(safe), toc, frozenset(unknown))  # noqa: S704 - sanitised in the line above


def _heading(token: dict[str, Any]) -> Heading:
    return Heading(
        int(token["level"]),
        str(token["id"]),
        html.unescape(str(token["name"])),
        tuple(_heading(child) for child in token["children"]),
    )


_TASK = re.compile(r'<input type="checkbox" disabled( checked)? ?/?>')


def _with_task_marks(raw: str, locale: str) -> str:
    """Signs instead of form controls that nobody can use."""

    def mark(match: re.Match[str]) -> str:
        name, sign, css = ("done", "☑", "task task-done") if match.group(1) else ("open", "☐", "task")
        return f'<span class="{css}" role="img" aria-label="{word(name, locale)}">{sign}</span>'

    return _TASK.sub(mark, raw)


_LOST_PICTURE = re.compile(r"<img(?! [^>]*\bsrc=)[^>]*>")
_LINK = re.compile(r'<a((?: [a-z-]+="[^"]*")*)>')
_HREF = re.compile(r' href="([^"]*)"')
_HEADING = re.compile(
    r'(<h[2-6](?: [a-z-]+="[^"]*")* id="|<h[2-6] id=")([^"]+)("[^>]*>)((?:(?!</h[2-6]>).)*)(</h[2-6]>)', re.DOTALL
)


def _finished(safe: str, locale: str) -> str:
    """Marks on links that leave, anchors on headings, and tables that scroll by themselves."""
    safe = _LINK.sub(_marked_link, _LOST_PICTURE.sub("", safe))
    safe = _HEADING.sub(r'\1\2\3\4<a class="headerlink" href="#\2" aria-hidden="true" tabindex="-1">#</a>\5', safe)
    scroll = f'<div class="table-scroll" role="group" tabindex="0" aria-label="{word("table", locale)}"><table'
    return safe.replace("<table", scroll).replace("</table>", "</table></div>")


def _marked_link(match: re.Match[str]) -> str:
    attributes = match.group(1)
    href = _HREF.search(attributes)
    if href is None or not is_external(href.group(1)):
        return "<a" + attributes.replace(' rel="noopener noreferrer"', "") + ">"
    return '<a class="external"' + re.sub(r' class="[^"]*"', "", attributes) + ">"
