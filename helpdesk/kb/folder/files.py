"""Reading and writing one article file: YAML front matter, then Markdown."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from helpdesk.errors import DomainError
from helpdesk.kb.folder.matter import FrontMatter, clean, in_our_words, parse
from helpdesk.kb.rules import RESERVED_SLUGS, SLUG
from helpdesk.web.locale import LOCALES
from helpdesk.web.slugs import slug_from

MAX_FILE_BYTES: Final = 2 * 1024 * 1024
MAX_FRONT_MATTER: Final = 20_000


class FileUnreadable(DomainError):
    """The file cannot be read as an article: %(reason)s"""  # noqa: D400 - the reason ends it


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One file, not parsed yet."""

    path: Path
    slug: str
    locale: str
    data: bytes
    is_foreign: bool = False
    """Not written for us: its `audience` and `status` may be another house's words."""

    @property
    def hash(self) -> str:
        """Name of exactly these bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says."""

    meta: FrontMatter
    body: str
    remark: str = ""
    """What was not taken as it was written."""


def articles_in(folder: Path, *, locale: str | None = None) -> Iterator[ArticleFile]:
    """The article files of a folder: `slug/locale.md`, English first, or with `locale` plain `slug.md`.

    Plain files need not be named as our addresses are: `Azure_AD v2.md` becomes azure-ad-v2.
    """
    if locale is not None:
        yield from _plain_files(folder, locale)
        return
    for path in sorted(
        folder.glob("*/*.md"),
        key=lambda one: (one.parent.name, list(LOCALES).index(one.stem) if one.stem in LOCALES else 9),
    ):
        if path.stem in LOCALES and SLUG.fullmatch(path.parent.name):
            yield ArticleFile(path, path.parent.name, path.stem, path.read_bytes())


def _plain_files(folder: Path, locale: str) -> Iterator[ArticleFile]:
    paths = [path for path in sorted(folder.glob("*.md")) if path.stem != "README" and path.is_file()]
    taken: set[str] = {path.stem for path in paths if SLUG.fullmatch(path.stem)} - RESERVED_SLUGS
    for path in paths:
        slug = path.stem
        if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
            slug = _free(slug_from(slug), taken)
            taken.add(slug)
        yield ArticleFile(path, slug, locale, path.read_bytes(), is_foreign=True)


def _free(slug: str, taken: set[str]) -> str:
    numbered = (f"{slug[:110]}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([slug], numbered) if one not in taken | RESERVED_SLUGS)


def read(file: ArticleFile) -> Written:
    """Parse a file; raises `FileUnreadable` with a reason in words."""
    if len(file.data) > MAX_FILE_BYTES:
        raise FileUnreadable(reason="it is larger than 2 MB.")
    text = _decoded(file)
    if text.startswith("---") and len(text.partition("\n---")[0]) > MAX_FRONT_MATTER:
        raise FileUnreadable(reason="its front matter is too long.")
    values, body = parse(text)
    remarks: list[str] = []
    if file.is_foreign:
        values, remarks = in_our_words(values)
    if not str(values.get("title") or "").strip():
        values["title"] = _first_heading(body) or file.slug
    try:
        return Written(FrontMatter.model_validate(values), body.strip() + "\n", "; ".join(remarks))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise FileUnreadable(reason=f"{field}: {first['msg']}.") from error


def _decoded(file: ArticleFile) -> str:
    encodings = ["utf-8-sig", *(["cp932"] if file.locale == "ja" else []), "gb18030"]
    if file.data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return clean(file.data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n"))
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(reason="its characters are neither UTF-8 nor GB18030.")


def _first_heading(body: str) -> str | None:
    match = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
    return re.sub(r"<[^>]*>", "", match.group(1)).strip() if match else None


class _Quiet(yaml.SafeDumper):
    """YAML as a person writes it: lists on one line."""


_Quiet.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def write(meta: dict[str, Any], body: str) -> str:
    """The text of a file; keys without a value are left out."""
    kept = {key: value for key, value in meta.items() if value not in (None, "", [], {})}
    head = yaml.dump(kept, Dumper=_Quiet, allow_unicode=True, sort_keys=False, width=4096)
    return f"---\n{head}---\n\n{body.strip()}\n"
