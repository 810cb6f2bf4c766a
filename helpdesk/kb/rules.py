"""What holds for articles, whatever database or page they come from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from helpdesk.errors import DomainError
from helpdesk.kb.models import Article, ArticleTranslation, Audience
from helpdesk.permissions import Role

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")
SOURCE_LOCALE: Final = "en"
"""The language that the others are translated from, where an article has it."""

RESERVED_SLUGS: Final = frozenset({"feed", "images", "new", "insights", "preview"})


class SlugTaken(DomainError):
    """There is already an article at this address, or there was one: choose another."""


class SlugWrong(DomainError):
    """An address is made of small letters, digits and hyphens, such as when-payment-is-due."""


class NothingToPublish(DomainError):
    """There is nothing to publish: write a title and a text first."""


class ChangedMeanwhile(DomainError):
    """Somebody changed this article while you were writing. Nothing was lost: compare both texts below."""


class MarksLeft(DomainError):
    """Two texts were made one, and some places still show both: decide there first, and take the marks away."""


class NothingSaid(DomainError):
    """Write what should be changed, so that the author knows."""


class NotInReview(DomainError):
    """Nothing waits for review here any more."""


class TooEarly(DomainError):
    """Choose a time that is still to come."""


def audiences_of(role: Role | None) -> frozenset[str]:
    """Whose articles a person may read: a stranger the public ones, staff all."""
    if role is None:
        return frozenset({Audience.PUBLIC.value})
    if role.is_customer:
        return frozenset({Audience.PUBLIC.value, Audience.CUSTOMERS.value})
    return frozenset(audience.value for audience in Audience)


def checked_slug(slug: str) -> str:
    """The slug, in small letters; raises `SlugWrong`."""
    slug = slug.strip().lower()
    if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise SlugWrong
    return slug


def source_of(translations: Iterable[ArticleTranslation]) -> ArticleTranslation | None:
    """The translation that the others follow: English, else the oldest."""
    ordered = sorted(translations, key=lambda one: (one.locale != SOURCE_LOCALE, one.id))
    return ordered[0] if ordered else None


def is_stale(translation: ArticleTranslation, *, source: ArticleTranslation | None, newest: int | None) -> bool:
    """Whether the source was published again after this was translated; `newest` is the source's last revision."""
    if source is None or source is translation or translation.source_revision_id is None or newest is None:
        return False
    return translation.source_revision_id < newest


def is_review_due(article: Article, today: date) -> bool:
    """Whether somebody should read the article again."""
    return article.review_by is not None and article.review_by <= today


def tidy_tags(tags: Iterable[Any]) -> list[str]:
    """Tags without blanks and doubles, at most twelve."""
    seen = dict.fromkeys(str(tag).strip()[:40] for tag in tags)
    return [tag for tag in seen if tag][:12]


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says in one language."""

    title: str
    summary: str
    body: str
    tags: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """One name for one content."""
        packed = json.dumps([self.title, self.summary, self.body, list(self.tags)], ensure_ascii=False)
        return hashlib.sha256(packed.encode()).hexdigest()


class HasContent(Protocol):
    """A translation, a draft or a revision."""

    title: Any
    summary: Any
    body: Any
    tags: Any


def content_of(row: HasContent) -> Content:
    """What a translation, draft or revision says."""
    return Content(row.title, row.summary, row.body, tuple(row.tags))


def content_with(*, title: str, summary: str, body: str, tags: Iterable[Any]) -> Content:
    """Content in the form in which it is kept: no blanks around, plain line ends."""
    lines = "\n".join(line.rstrip("\r") for line in body.replace("\r\n", "\n").split("\n"))
    return Content(" ".join(title.split()), " ".join(summary.split()), lines.strip() + "\n", tuple(tidy_tags(tags)))
