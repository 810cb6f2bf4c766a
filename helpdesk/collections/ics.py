"""The two dates of a notice as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Final

from flask_babel import gettext as _

from helpdesk.collections.models import SuspensionNotice

_FOLD: Final = 74
"""Octets of a line before it is continued on the next."""


def notice_calendar(notice: SuspensionNotice, *, url: str) -> str:
    """Both clocks as all-day events in the reader's language, each with a reminder three days before."""
    product = notice.subscription.offer_name
    access = _("Access changes: “%(product)s” may be suspended", product=product)
    deletion = _("Data of “%(product)s” is deleted unless it was reactivated", product=product)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Billing help//Notices//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *_event(notice, "access", notice.access_changes_on, access, url),
        *_event(notice, "deletion", notice.data_deleted_on, deletion, url),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(notice: SuspensionNotice, name: str, on: date, title: str, url: str) -> list[str]:
    stamp = notice.issued_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return [
        "BEGIN:VEVENT",
        f"UID:{notice.public_id}-{name}@notices",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(url)}",
        f"URL:{url}",
        f"STATUS:{'CONFIRMED' if notice.is_in_force else 'CANCELLED'}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:-P3D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """Cut a line at 74 octets, never inside a character; what continues it begins with a blank."""
    part = ""
    for character in line:
        if len((part + character).encode()) > _FOLD:
            yield part
            part = " "
        part += character
    yield part
