"""A mail's subject, text and HTML in the recipient's language, from `templates/mail/<kind>.*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates
from flask import current_app, g
from jinja2 import Environment
from markupsafe import Markup

from helpdesk.extensions import settings
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.private_links import DOTS, link_in, token_in
from helpdesk.notifications.unsubscribing import unsubscribe_url
from helpdesk.web import formatting
from helpdesk.web.locale import LOCALES, page_locale, use_locale


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail as the recipient will read it."""

    subject: str
    text: str
    html: str
    token: str = ""
    """The private part of a link in it."""

    @property
    def kept_text(self) -> str:
        """The text as we keep it: what would open an account is left out."""
        return self.text.replace(self.token, DOTS) if self.token else self.text


def render(message: OutboxMessage, *, address: str, may_reply: bool = False, to_send: bool = False) -> Rendered:
    """Fill the templates of `message.kind`. Needs an application context.

    With `may_reply` the mail begins with the line above which the recipient may write an answer. Only a mail that is
    rendered `to_send` holds its private link; for everybody else there are dots.
    """
    environment = _environment()
    token = token_in(message.payload, secret=settings().secret()) if to_send else ""
    values = {
        **message.payload,
        **link_in(message.payload, token),
        "recipient": {"name": message.recipient_name, "email": address, "locale": message.locale},
        "partner": settings(),
        "locale": _known(message.locale),
        "may_reply": may_reply,
        "unsubscribe": unsubscribe_url(message),
    }
    with _speaking(message.locale, message.time_zone):

        def filled(part: str) -> str:
            return environment.get_template(f"mail/{message.kind}.{part}").render(values)

        return Rendered(_one_line(filled("subject")), _tidy(filled("text")), filled("html").strip() + "\n", token)


def absolute(path: str) -> str:
    """The full address of a path of this site, for use outside it."""
    return f"{settings().base_url.rstrip('/')}/{path.lstrip('/')}"


def _known(locale: str) -> str:
    return locale if locale in LOCALES else "en"


@contextmanager
def _speaking(locale: str, time_zone: str) -> Iterator[None]:
    """Speak to the recipient in a context of their own, so that the reader's page keeps its language."""
    with current_app.app_context():
        use_locale(_known(locale))
        g.mail_zone = _zone(time_zone)
        yield


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return ZoneInfo(settings().partner_time_zone)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines together."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or lines[number - 1]]
    return "\n".join(kept) + "\n"


def _environment() -> Environment:
    """The application's templates with the mail's own filters: plain values in, the recipient's zone out."""
    made = current_app.extensions.get("mail_environment")
    if isinstance(made, Environment):
        return made
    environment = current_app.jinja_env.overlay()
    environment.filters = {
        **environment.filters,
        "moment": _moment,
        "day": _day,
        "money": _money,
        "paragraphs": _paragraphs,
    }
    environment.globals = {**environment.globals, "absolute": absolute}
    current_app.extensions["mail_environment"] = environment
    return environment


def _moment(value: datetime | str | None) -> str:
    """Day, time to the minute and zone, from a datetime or its ISO text: what a promise needs."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = at.astimezone(g.mail_zone)
    shown_day = dates.format_date(local.date(), format="medium", locale=page_locale())
    shown_time = dates.format_time(local.time(), format="short", locale=page_locale())
    zone = dates.get_timezone_gmt(local, locale=page_locale())
    return f"{shown_day} {shown_time} ({zone})".replace("\u202f", " ")


def _day(value: date | datetime | str | None) -> str:
    """A calendar day, from a date, a datetime or the ISO text of either."""
    if value is None:
        return "–"
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == len("2026-11-24") else datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(g.mail_zone).date()
    return str(dates.format_date(value, format="long", locale=page_locale()))


def _money(value: Money | Mapping[str, Any] | list[Any] | None) -> str:
    """An amount, from `Money`, `{"minor": 12345, "currency": "CNY"}` or `[12345, "CNY"]`."""
    if value is None or isinstance(value, Money):
        return formatting.money(value)
    minor, currency = (value["minor"], value["currency"]) if isinstance(value, Mapping) else value
    return formatting.money(Money(int(minor), str(currency)))


def _paragraphs(text: str) -> Markup:
    """What a person wrote, as HTML: escaped, with its lines kept."""
    lines = [Markup.escape(line) for line in str(text).strip().splitlines()]
    return Markup("<br>\n").join(lines)
