"""Which language and which time zone a page speaks."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from flask import g, has_request_context, request, session

from helpdesk.extensions import settings
from helpdesk.web.guards import current_actor

LOCALES: Final = {"en": "English", "zh-Hans": "简体中文", "ja": "日本語"}
"""Our tags (as in HTML `lang`) and their own names."""

BABEL: Final = {"en": "en", "zh-Hans": "zh_Hans_CN", "ja": "ja"}
_PARSED: Final = {tag: Locale.parse(name) for tag, name in BABEL.items()}
_ACCEPT: Final = {"zh-CN": "zh-Hans", "zh-Hans": "zh-Hans", "zh": "zh-Hans", "ja": "ja", "en": "en"}


def current_locale() -> str:
    """Our tag of the page's language: the address says it, else the person, the visit, the browser."""
    if not has_request_context():
        return str(g.get("locale", "en"))
    if "locale" not in g:
        g.locale = _chosen()
    return str(g.locale)


def _chosen() -> str:
    in_address = (request.view_args or {}).get("locale")
    if in_address in LOCALES:
        return str(in_address)
    actor = current_actor()
    for tag in (actor.locale if actor else None, session.get("locale")):
        if tag in LOCALES:
            return str(tag)
    best = request.accept_languages.best_match(list(_ACCEPT), default="en")
    return _ACCEPT[best or "en"]


def use_locale(tag: str) -> None:
    """Speak `tag` from here on, in mails and jobs too."""
    from flask_babel import refresh

    g.locale = tag
    refresh()


def babel_locale() -> str:
    """What Flask-Babel asks: the catalogue's name."""
    return BABEL[current_locale()]


def page_locale() -> Locale:
    """The same for number and date formats."""
    return _PARSED[current_locale()]


def current_zone_name() -> str:
    """The reader's time zone, or the partner's."""
    actor = current_actor() if has_request_context() else None
    return actor.time_zone if actor else settings().partner_time_zone


def current_zone() -> ZoneInfo:
    """The same as a zone; an unknown name falls back to the partner's."""
    try:
        return ZoneInfo(current_zone_name())
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings().partner_time_zone)
