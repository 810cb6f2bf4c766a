"""The checks of a folder's articles before anybody reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk.errors import DomainError
from helpdesk.kb.checks import Finding, Problem, Surroundings, check_content
from helpdesk.kb.checks.content import ids_in
from helpdesk.kb.folder.files import ArticleFile, articles_in, read
from helpdesk.kb.labels import sentence_of_finding
from helpdesk.kb.rendering import render_markdown
from helpdesk.kb.rules import SOURCE_LOCALE, Content, content_with
from helpdesk.web.locale import LOCALES


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something to mend, with its line in the file (0: the whole file)."""

    slug: str
    locale: str
    line: int
    finding: Finding

    @property
    def problem(self) -> str:
        """What is wrong, in words."""
        return sentence_of_finding(self.finding)

    def as_json(self) -> dict[str, object]:
        """One line of the command's output."""
        line: dict[str, object] = {"slug": self.slug, "locale": self.locale, "line": self.line, "problem": self.problem}
        return line | {"hint": True} if self.finding.is_hint else line


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's text, and how many lines stand above it."""

    file: ArticleFile
    content: Content
    offset: int


def check_folder(
    folder: Path, *, variables: Mapping[str, str], locale: str | None = None, hints: bool = False
) -> list[FileFinding]:
    """Every problem of every file, in order; with `hints` the advice too."""
    findings: list[FileFinding] = []
    readable: dict[tuple[str, str], _Read] = {}
    files = list(articles_in(folder, locale=locale))
    for file in files:
        try:
            readable[file.slug, file.locale] = _read(file)
        except DomainError as error:
            finding = Finding(Problem.UNREADABLE, 0, {"reason": str(error)})
            findings.append(FileFinding(file.slug, file.locale, 0, finding))
    for one in readable.values():
        findings += _check(one, readable, frozenset(file.slug for file in files), variables)
    if locale is None:
        findings += _untranslated(files)
    return [one for one in findings if hints or not one.finding.is_hint]


def _read(file: ArticleFile) -> _Read:
    written = read(file)
    content = content_with(
        title=written.meta.title, summary=written.meta.summary, body=written.body, tags=written.meta.tags
    )
    lines = file.data.decode("utf-8", "replace").replace("\r\n", "\n").count("\n")
    return _Read(file, content, lines - written.body.count("\n"))


def _check(
    one: _Read, readable: Mapping[tuple[str, str], _Read], slugs: frozenset[str], variables: Mapping[str, str]
) -> list[FileFinding]:
    file = one.file
    source = readable.get((file.slug, SOURCE_LOCALE)) if file.locale != SOURCE_LOCALE else None
    earlier: dict[str, str] = {}
    for (slug, tongue), other in readable.items():
        if tongue == file.locale and slug < file.slug:
            earlier.setdefault(other.content.title, slug)
    around = Surroundings(
        slugs=slugs,
        variables=variables,
        titles=earlier,
        pictures=frozenset(path.name for path in file.path.parent.iterdir()),
        ids_of=_ids(readable, file.locale),
        source=source.content.body if source else None,
    )
    return [
        FileFinding(file.slug, file.locale, found.line + one.offset if found.line else 0, found)
        for found in check_content(one.content, locale=file.locale, slug=file.slug, around=around)
    ]


def _ids(readable: Mapping[tuple[str, str], _Read], locale: str) -> Callable[[str], set[str] | None]:
    def ids_of(slug: str) -> set[str] | None:
        other = readable.get((slug, locale))
        return ids_in(render_markdown(other.content.body, locale=locale, slug=slug)) if other else None

    return ids_of


def _untranslated(files: list[ArticleFile]) -> list[FileFinding]:
    there = {(file.slug, file.locale) for file in files}
    return [
        FileFinding(slug, locale, 0, Finding(Problem.NOT_TRANSLATED))
        for slug in sorted({file.slug for file in files})
        for locale in LOCALES
        if (slug, locale) not in there
    ]
