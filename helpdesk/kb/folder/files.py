"""Reading and writing one article file: YAML front matter, then Markdown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import frontmatter
import yaml
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from helpdesk.errors import DomainError
from helpdesk.kb.models import Audience, Status
from helpdesk.kb.rules import SLUG, tidy_tags
from helpdesk.web.locale import LOCALES

MAX_FILE_BYTES: Final = 2 * 1024 * 1024
MAX_FRONT_MATTER: Final = 20_000


class FileUnreadable(DomainError):
    """The file cannot be read as an article: %(reason)s"""  # noqa: D400 - the reason ends it


class FrontMatter(BaseModel):
    """What we use of a file's front matter; everything else is kept as it is."""

    model_config = ConfigDict(extra="allow")

    title: str = Field(min_length=1, max_length=200)
    summary: str = Field(default="", validation_alias=AliasChoices("summary", "description"))
    category: str | None = None
    audience: Audience = Audience.PUBLIC
    status: Status = Status.PUBLISHED
    tags: list[str] = Field(default_factory=list)
    reviewed: date | None = None
    review_by: date | None = None
    redirects: list[str] = Field(default_factory=list)

    @field_validator("title", "summary", mode="before")
    @classmethod
    def _one_line(cls, value: object) -> str:
        return " ".join(str("" if value is None else value).split())

    @field_validator("summary")
    @classmethod
    def _short(cls, value: str) -> str:
        return value[:400]

    @field_validator("tags", mode="before")
    @classmethod
    def _tags(cls, value: object) -> list[str]:
        if isinstance(value, str):
            value = value.split(",")
        return tidy_tags(value) if isinstance(value, list) else []

    @property
    def unused(self) -> dict[str, Any]:
        """The keys that we do not use, as plain JSON values."""
        return {key: _plain(value) for key, value in (self.model_extra or {}).items()}


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One file, not parsed yet."""

    path: Path
    slug: str
    locale: str
    data: bytes

    @property
    def hash(self) -> str:
        """Name of exactly these bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says."""

    meta: FrontMatter
    body: str


def articles_in(folder: Path, *, locale: str | None = None) -> Iterator[ArticleFile]:
    """The article files of a folder: `slug/locale.md`, English first, or with `locale` plain `slug.md`."""
    if locale is not None:
        for path in sorted(folder.glob("*.md")):
            if SLUG.fullmatch(path.stem.lower()) and path.stem != "README":
                yield ArticleFile(path, path.stem.lower(), locale, path.read_bytes())
        return
    for path in sorted(
        folder.glob("*/*.md"),
        key=lambda one: (one.parent.name, list(LOCALES).index(one.stem) if one.stem in LOCALES else 9),
    ):
        if path.stem in LOCALES and SLUG.fullmatch(path.parent.name):
            yield ArticleFile(path, path.parent.name, path.stem, path.read_bytes())


def read(file: ArticleFile) -> Written:
    """Parse a file; raises `FileUnreadable` with a reason in words."""
    if len(file.data) > MAX_FILE_BYTES:
        raise FileUnreadable(reason="it is larger than 2 MB.")
    text = _decoded(file.data)
    if len(text.partition("\n---")[0]) > MAX_FRONT_MATTER:
        raise FileUnreadable(reason="its front matter is too long.")
    try:
        post = frontmatter.loads(text)
        values = {str(key): value for key, value in post.metadata.items()}
        values.setdefault("title", _first_heading(post.content) or file.slug)
        return Written(FrontMatter.model_validate(values), post.content.strip() + "\n")
    except yaml.YAMLError as error:
        raise FileUnreadable(reason=f"its front matter is not YAML ({_first_line(error)}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise FileUnreadable(reason=f"{field}: {first['msg']}.") from error


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(reason="its characters are neither UTF-8 nor GB18030.")


def _first_heading(body: str) -> str | None:
    match = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
    return re.sub(r"<[^>]*>", "", match.group(1)).strip() if match else None


def _first_line(error: yaml.YAMLError) -> str:
    return str(error).splitlines()[0]


def _plain(value: object) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)


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
