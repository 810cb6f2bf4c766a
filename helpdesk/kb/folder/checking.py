"""Checks of a folder's articles before anybody reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.kb.folder.files import ArticleFile, Written, articles_in, read
from helpdesk.kb.rendering import Rendered, render_markdown, variables_in
from helpdesk.web.locale import LOCALES

_ARTICLE_HREF: Final = re.compile(r'href="/(?:en|zh-Hans|ja)/articles/([^"#]+)(?:#([^"]*))?"')
_HEADING: Final = re.compile(r"^(#{1,6})\s")
_PICTURE: Final = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<name>[^)\s]+)")
_FENCE: Final = re.compile(r"^(```|~~~)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, with its line in the file (0: the whole file)."""

    slug: str
    locale: str
    line: int
    problem: str

    def as_json(self) -> dict[str, object]:
        """One line of the command's output."""
        return {"slug": self.slug, "locale": self.locale, "line": self.line, "problem": self.problem}


def check_folder(folder: Path, *, variables: dict[str, str], locale: str | None = None) -> list[Finding]:
    """Every problem of every file, in order."""
    files = list(articles_in(folder, locale=locale))
    slugs = {file.slug for file in files}
    findings: list[Finding] = []
    titles: dict[tuple[str, str], str] = {}
    for file in files:
        findings += check_file(file, slugs=slugs, variables=variables, titles=titles)
    if locale is None:
        findings += _untranslated(files)
    return findings


def check_file(
    file: ArticleFile, *, slugs: set[str], variables: dict[str, str], titles: dict[tuple[str, str], str]
) -> list[Finding]:
    """The problems of one file; `titles` collects the titles seen, by language."""
    try:
        written = read(file)
    except DomainError as error:
        return [Finding(file.slug, file.locale, 0, str(error))]
    offset = file.data.decode("utf-8", "replace").replace("\r\n", "\n").count("\n") - written.body.count("\n")
    rendered = render_markdown(written.body, locale=file.locale, slug=file.slug, variables=variables)
    found = [
        *_links(written, rendered, slugs),
        *_variables(written, variables),
        *_order(written),
        *_pictures(file, written),
    ]
    twin = titles.setdefault((file.locale, written.meta.title), file.slug)
    if twin != file.slug:
        found.append((0, f"the same title as {twin}"))
    if str(rendered.html).startswith('<pre class="as-typed"'):
        found.append((0, "too long or too deeply nested to be shown as Markdown"))
    return [Finding(file.slug, file.locale, line + offset if line else 0, problem) for line, problem in found]


def _links(written: Written, rendered: Rendered, slugs: set[str]) -> Iterator[tuple[int, str]]:
    for slug, _fragment in _ARTICLE_HREF.findall(str(rendered.html)):
        if slug not in slugs:
            yield _line_of(written.body, slug), f"links to {slug}, which is not there"


def _variables(written: Written, variables: dict[str, str]) -> Iterator[tuple[int, str]]:
    for text in (written.body, written.meta.title, written.meta.summary):
        for name in sorted(variables_in(text) - variables.keys()):
            yield _line_of(written.body, name), f"nobody knows the variable {name}"


def _order(written: Written) -> Iterator[tuple[int, str]]:
    level, in_code = 1, False
    for number, line in enumerate(written.body.split("\n"), start=1):
        in_code ^= bool(_FENCE.match(line))
        match = None if in_code else _HEADING.match(line)
        if match is None:
            continue
        if len(match.group(1)) > level + 1:
            yield number, f"a heading of level {len(match.group(1))} follows one of level {level}"
        level = len(match.group(1))


def _pictures(file: ArticleFile, written: Written) -> Iterator[tuple[int, str]]:
    for match in _PICTURE.finditer(written.body):
        line = written.body[: match.start()].count("\n") + 1
        if not match["alt"].strip():
            yield line, f"the picture {match['name']} has no words for those who cannot see it"
        if not (file.path.parent / match["name"]).is_file():
            yield line, f"the picture {match['name']} is not in the folder"


def _untranslated(files: list[ArticleFile]) -> Iterator[Finding]:
    there = {(file.slug, file.locale) for file in files}
    for slug in sorted({file.slug for file in files}):
        for locale in LOCALES:
            if (slug, locale) not in there:
                yield Finding(slug, locale, 0, "not translated")


def _line_of(body: str, needle: str) -> int:
    position = body.find(needle)
    return body[:position].count("\n") + 1 if position >= 0 else 1
