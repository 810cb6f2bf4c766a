"""The checks of one text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from helpdesk.kb.checks.findings import Finding, Problem, Surroundings
from helpdesk.kb.checks.language import foreign_parts, long_sentences
from helpdesk.kb.checks.numbers import contradictions
from helpdesk.kb.merging import has_marks
from helpdesk.kb.rendering import Rendered, render_markdown, variables_in
from helpdesk.kb.rules import Content

TITLE_MAX: Final = 60
_ARTICLE_HREF: Final = re.compile(r'href="/(?:en|zh-Hans|ja)/articles/([^"#]+)(?:#([^"]*))?"')
_OWN_HREF: Final = re.compile(r'href="#([^"]+)"')
_ID: Final = re.compile(r' id="([^"]+)"')
_HEADING: Final = re.compile(r"^(#{1,6})\s")
_PICTURE: Final = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<name>[^)\s]+)")
_FENCE: Final = re.compile(r"^(```|~~~)")


def check_content(content: Content, *, locale: str, slug: str, around: Surroundings) -> list[Finding]:
    """Every problem of a text, by line."""
    rendered = render_markdown(content.body, locale=locale, slug=slug, variables=around.variables)
    found = [
        *_whole(content, rendered, around),
        *_links(content.body, rendered, slug, around),
        *_variables(content, around),
        *_order(content.body),
        *_pictures(content.body, slug, around),
        *contradictions(content.body, around.variables),
        *foreign_parts(content.body, locale=locale, source=around.source),
        *long_sentences(content.body, locale=locale),
    ]
    return sorted(found, key=lambda one: (one.is_hint, one.line))


def ids_in(rendered: Rendered) -> set[str]:
    """The anchors of a rendered text."""
    return {html.unescape(name) for name in _ID.findall(str(rendered.html))}


def _whole(content: Content, rendered: Rendered, around: Surroundings) -> Iterator[Finding]:
    twin = around.titles.get(content.title)
    if twin is not None:
        yield Finding(Problem.SAME_TITLE, 0, {"slug": twin})
    if len(content.title) > TITLE_MAX:
        yield Finding(Problem.LONG_TITLE, 0, {"count": len(content.title), "limit": TITLE_MAX})
    if not content.summary:
        yield Finding(Problem.NO_SUMMARY)
    if str(rendered.html).startswith('<pre class="as-typed"'):
        yield Finding(Problem.TOO_WILD)
    if has_marks(content.body):
        yield Finding(Problem.MARKS, line_of(content.body, "<<<<<<<"))


def _links(body: str, rendered: Rendered, slug: str, around: Surroundings) -> Iterator[Finding]:
    own, text = ids_in(rendered), str(rendered.html)
    for target, fragment in dict.fromkeys(_ARTICLE_HREF.findall(text)):
        place = html.unescape(unquote(fragment))
        if target != slug and target not in around.slugs:
            yield Finding(Problem.LINK, line_of(body, target), {"slug": target})
            continue
        ids = own if target == slug else (around.ids_of(target) if place else None)
        if place and ids is not None and place not in ids:
            yield Finding(Problem.ANCHOR, line_of(body, target), {"place": f"{target}#{place}"})
    for fragment in dict.fromkeys(_OWN_HREF.findall(text)):
        place = html.unescape(unquote(fragment))
        if place not in own:
            yield Finding(Problem.ANCHOR, line_of(body, f"#{place}"), {"place": f"#{place}"})


def _variables(content: Content, around: Surroundings) -> Iterator[Finding]:
    for text in (content.body, content.title, content.summary):
        for name in sorted(variables_in(text) - around.variables.keys()):
            yield Finding(Problem.VARIABLE, line_of(content.body, name), {"name": name})


def _order(body: str) -> Iterator[Finding]:
    level, in_code = 1, False
    for number, line in enumerate(body.split("\n"), start=1):
        in_code ^= bool(_FENCE.match(line))
        match = None if in_code else _HEADING.match(line)
        if match is None:
            continue
        depth = len(match.group(1))
        if depth > level + 1:
            yield Finding(Problem.HEADING, number, {"level": depth, "before": level})
        level = depth


def _pictures(body: str, slug: str, around: Surroundings) -> Iterator[Finding]:
    for match in _PICTURE.finditer(body):
        line = body[: match.start()].count("\n") + 1
        name = match["name"].removeprefix("./").removeprefix(f"/articles/{slug}/images/")
        if not match["alt"].strip():
            yield Finding(Problem.PICTURE_WORDS, line, {"name": match["name"]})
        if name not in around.pictures:
            yield Finding(Problem.PICTURE, line, {"name": match["name"]})


def line_of(body: str, needle: str) -> int:
    """The first line that holds `needle`, else the first."""
    position = body.find(needle)
    return body[:position].count("\n") + 1 if position >= 0 else 1
