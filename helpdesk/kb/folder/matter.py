"""The front matter of an article file: what we use of it, read as forgivingly as is safe."""

from __future__ import annotations

import difflib
import math
import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator

from helpdesk.kb.models import Audience, Status
from helpdesk.kb.rules import SLUG, tidy_tags

TITLE_MAX: Final = 200
SUMMARY_MAX: Final = 400
_DEPTH_MAX: Final = 8
_LINE: Final = re.compile(r"([A-Za-z_][\w.\-]*):(?:[ \t]+(.*))?")
_STAFF: Final = ("agent", "internal", "staff", "private", "confidential", "restricted", "hidden")
_UNFINISHED: Final = ("draft", "wip", "unpublished", "in progress", "pending", "hidden")


class FrontMatter(BaseModel):
    """What we use of a file's front matter; everything else is kept as it is."""

    model_config = ConfigDict(extra="allow")

    title: str = ""
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
        return " ".join(clean("" if value is None else str(value)).split())

    @field_validator("title")
    @classmethod
    def _title_fits(cls, value: str) -> str:
        return shortened(value, TITLE_MAX)

    @field_validator("summary")
    @classmethod
    def _summary_fits(cls, value: str) -> str:
        return shortened(value, SUMMARY_MAX)

    @field_validator("category", mode="before")
    @classmethod
    def _name(cls, value: object) -> str | None:
        return None if value is None else clean(str(value))

    @field_validator("tags", mode="before")
    @classmethod
    def _tags(cls, value: object) -> list[str]:
        return tidy_tags(clean(str(one)) for one in _several(value))

    @field_validator("redirects", mode="before")
    @classmethod
    def _slugs(cls, value: object) -> list[str]:
        return [slug for slug in dict.fromkeys(str(one) for one in _several(value)) if SLUG.fullmatch(slug)]

    @field_validator("reviewed", "review_by", mode="before")
    @classmethod
    def _day(cls, value: object) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            return None

    @property
    def unused(self) -> dict[str, Any]:
        """The keys that we do not use, as plain JSON values."""
        return {key: plain(value) for key, value in (self.model_extra or {}).items()}


def parse(text: str) -> tuple[dict[str, Any], str]:
    """The values and the body of a file; what is no YAML is read line by line, never refused."""
    try:
        post = frontmatter.loads(text, handler=_Handler())
        return {clean(str(key)): value for key, value in post.metadata.items()}, post.content
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        head, body = _parted(text)
        return _line_by_line(head), body


def in_our_words(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`values` of a file that was not written for us: other houses use `audience` and `status` for other things.

    A word that may mean "not for everybody" is never read as "for everybody". Gives remarks for the editor too.
    """
    values, remarks = dict(values), []
    for key, kind, careful, hints, silent in (
        ("audience", Audience, Audience.AGENTS, _STAFF, Audience.PUBLIC),
        ("status", Status, Status.DRAFT, _UNFINISHED, Status.PUBLISHED),
    ):
        if (written := values.get(key)) is None:
            values.pop(key, None)
            continue
        word = clean(str(written)).strip().lower()
        values[key] = _meant(word, kind) or (careful if any(hint in word for hint in hints) else silent)
        if values[key].value != word:
            remarks.append(f"{key} “{written}” was read as {values[key].value}")
    return values, remarks


def _meant(word: str, kind: type[StrEnum]) -> StrEnum | None:
    near = difflib.get_close_matches(word.replace(" ", "_"), [one.value for one in kind], n=1, cutoff=0.8)
    return kind(near[0]) if near else None


def clean(text: str) -> str:
    """`text` without what a database cannot hold."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def shortened(text: str, longest: int) -> str:
    """`text` cut to `longest` characters, with an ellipsis where it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - a JSON value
    """`value` as JSON can hold it."""
    if isinstance(value, bool | int) or value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if depth < _DEPTH_MAX and isinstance(value, list):
        return [plain(one, depth + 1) for one in value]
    if depth < _DEPTH_MAX and isinstance(value, dict):
        return {clean(str(key)): plain(one, depth + 1) for key, one in value.items()}
    return clean(str(value))


def _several(value: object) -> list[Any]:
    if isinstance(value, str):
        return value.split(",")
    return value if isinstance(value, list) else []


class _NoAliases(yaml.SafeLoader):
    """YAML without references, which can make a small file huge."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse a reference; compose anything else."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


class _Handler(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:  # noqa: ANN401 - whatever YAML says
        values = yaml.load(fm, Loader=_NoAliases)  # noqa: S506 - a SafeLoader
        if not isinstance(values, dict):
            raise TypeError(fm)
        return values


def _parted(text: str) -> tuple[str, str]:
    match = re.match(r"\s*-{3,}[ \t]*\n(.*?)^-{3,}[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if match is None:
        return "", text
    return match[1], text[match.end() :]


def _line_by_line(head: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    key: str | None = None
    for line in head.splitlines():
        if match := _LINE.fullmatch(line.rstrip()):
            key, value = match[1], (match[2] or "").strip()
            values[key] = value[1:-1] if len(value) > 1 and value[0] == value[-1] in {'"', "'"} else value
        elif key and line.strip().startswith("- "):
            listed = values[key] if isinstance(values[key], list) else []
            values[key] = [*listed, line.strip()[2:].strip("\"' ")]
    return {key: value for key, value in values.items() if value != ""}
