"""Where the links and pictures of an article lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_LOCALES = r"(?:en|zh-Hans|ja)"
_SLUG = r"[A-Za-z0-9][A-Za-z0-9-]{0,118}"
_ARTICLE: Final = re.compile(
    rf"(?:\.\./(?P<folder>{_SLUG})/?(?:{_LOCALES}\.md)?"
    rf"|(?:\./|\.\./)?(?P<file>{_SLUG})\.md"
    rf"|(?:/{_LOCALES})?/articles/(?P<page>{_SLUG}))"
)
_PICTURE: Final = re.compile(r"(?:\./)?[\w.-]{1,120}\.(?:png|jpe?g|webp|gif)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """A link from one article to another: the other's slug and, if any, the place in it."""

    slug: str
    fragment: str = ""

    def path(self, locale: str) -> str:
        """The address of the article's page in that language."""
        return f"/{locale}/articles/{self.slug}" + (f"#{quote(self.fragment)}" if self.fragment else "")


def article_link(href: str) -> ArticleLink | None:
    """The article that a link means, or None when it means something else.

    Understood are `../slug/`, `../slug/en.md`, `slug.md` and the address of the page itself.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    match = _ARTICLE.fullmatch(unquote(parts.path))
    if match is None:
        return None
    slug = match["folder"] or match["file"] or match["page"]
    return ArticleLink(slug.lower(), unquote(parts.fragment))


def is_external(href: str) -> bool:
    """Whether the link leaves this site."""
    return href.lower().startswith(("http://", "https://", "//"))


def picture_path(source: str, slug: str) -> str | None:
    """The address of a picture from the article's folder; None for anything else, such as another site's."""
    if source.startswith("/articles/"):
        return source
    if not slug or not _PICTURE.fullmatch(source):
        return None
    return f"/articles/{slug}/images/{quote(source.removeprefix('./'))}"
