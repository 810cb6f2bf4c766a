"""Rendering each text once for each set of values that it shows."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from helpdesk.kb.rendering.extensions import VARIABLE
from helpdesk.kb.rendering.markdown import Profile, Rendered, render_text

_CACHED: Final = 40_000
"""Longer texts are rendered anew, so that a few hostile ones do not fill the memory."""

_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_SIGN = re.compile(r'<a class="headerlink".*?</a>|<a class="footnote-backref".*?</a>', re.DOTALL)


def render_markdown(
    text: str,
    *,
    locale: str = "en",
    slug: str = "",
    variables: Mapping[str, str] | None = None,
    profile: Profile = Profile.ARTICLE,
) -> Rendered:
    """Render Markdown, from memory where the same text with the same values was rendered before.

    `locale` is the language of the text and of its links; `slug` the article whose pictures may be shown.
    """
    known = variables or {}
    used = tuple((name, known[name]) for name in sorted(variables_in(text)) if name in known)
    if len(text) > _CACHED:
        return render_text(text, locale=locale, slug=slug, variables=dict(used), profile=profile)
    return _cached(text, locale, slug, used, profile)


@lru_cache(maxsize=256)
def _cached(text: str, locale: str, slug: str, used: tuple[tuple[str, str], ...], profile: Profile) -> Rendered:
    return render_text(text, locale=locale, slug=slug, variables=dict(used), profile=profile)


def variables_in(text: str) -> set[str]:
    """Names of the variables that a text shows."""
    return set(VARIABLE.findall(text)) if "{{" in text else set()


def fill(text: str, variables: Mapping[str, str]) -> str:
    """A title or summary with its variables filled in; unknown ones stay as they were written."""
    return VARIABLE.sub(lambda match: variables.get(match.group(1), match.group(0)), text)


def plain_text(text: str, *, locale: str = "en", variables: Mapping[str, str] | None = None) -> str:
    """The words of a Markdown text, without any markup."""
    return words_of(render_markdown(text, locale=locale, variables=variables))


def words_of(rendered: Rendered) -> str:
    """The words of a rendered text, without any markup."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", _SIGN.sub("", str(rendered.html))))).split())
