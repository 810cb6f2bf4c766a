"""How long a session lasts, and how a device is called; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from helpdesk.limits import SESSION_ABSOLUTE, SESSION_IDLE
from helpdesk.permissions import Role

SEEN_EVERY: Final = timedelta(minutes=5)
"""A page view is written down at most this often, so that pages cost no writing."""

_BROWSERS: Final = (
    ("Edg", "Microsoft Edge"),
    ("MicroMessenger", "WeChat"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and a system by their own names; empty where the browser does not say."""

    browser: str
    system: str


def device_of(user_agent: str) -> Device:
    """The device that calls itself `user_agent`."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")


def token_hash(token: str) -> str | None:
    """What is kept of a session's random value; None for what is none."""
    return sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None


def ends_at(role: Role, *, started_at: datetime, seen_at: datetime) -> datetime:
    """When the session ends unless the person comes back before."""
    return min(started_at + SESSION_ABSOLUTE[role], seen_at + SESSION_IDLE[role])


def has_ended(role: Role, *, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session is over by its age or because nobody came back."""
    return ends_at(role, started_at=started_at, seen_at=seen_at) <= now
