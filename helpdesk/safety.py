"""With which settings a real installation must not start; pure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from helpdesk.errors import DomainError

if TYPE_CHECKING:
    from helpdesk.config import Settings

_KEY_MIN: Final = 32
"""256 bits as text."""
_VARIETY_MIN: Final = 10
"""A random key of that length has more different characters; `xxxx...` and `change-me` repeated have not."""
_OFF: Final = {"", "0", "false"}
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class UnsafeSettings(DomainError):
    """The helpdesk does not start with these settings: %(reasons)s."""


def refuse_unsafe(settings: Settings) -> None:
    """Look at the settings; in development only at what never works. Raises `UnsafeSettings`."""
    reasons = [*_oidc_faults(settings), *_certificate_faults(settings)]
    if settings.is_production:
        reasons = [*_key_faults(settings), *_address_faults(settings), *_switch_faults(settings), *reasons]
    if reasons:
        raise UnsafeSettings(reasons="; ".join(reasons))


def _key_faults(settings: Settings) -> list[str]:
    faults = []
    if len(settings.secret_key) < _KEY_MIN:
        faults.append("HELPDESK_SECRET_KEY must have at least 32 characters (helpdesk secrets new prints one)")
    elif len(set(settings.secret_key)) < _VARIETY_MIN:
        faults.append("HELPDESK_SECRET_KEY must be random (helpdesk secrets new prints one)")
    if any(len(key) < _KEY_MIN for key in settings.fallbacks()):
        faults.append("each key of HELPDESK_SECRET_KEY_FALLBACKS, by comma, must have at least 32 characters")
    return faults


def _address_faults(settings: Settings) -> list[str]:
    faults = []
    if not settings.base_url.startswith("https://"):
        faults.append("HELPDESK_BASE_URL must begin with https://")
    if not settings.mail_url:
        faults.append("HELPDESK_MAIL_URL must be set, or notices count as sent although nobody gets them")
    return faults


def _switch_faults(settings: Settings) -> list[str]:
    faults = []
    if os.environ.get("FLASK_DEBUG", "0").lower() not in _OFF:
        faults.append("FLASK_DEBUG must be off")
    if settings.outgoing_loopback == "on":
        faults.append("HELPDESK_OUTGOING_LOOPBACK must be off")
    if settings.rate_limits == "off":
        faults.append("HELPDESK_RATE_LIMITS must be on")
    if settings.staff_two_factor == "off":
        faults.append("HELPDESK_STAFF_TWO_FACTOR must not be off")
    return faults


def _oidc_faults(settings: Settings) -> list[str]:
    given = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if not any(given):
        return []
    if not all(given):
        return ["HELPDESK_OIDC_ISSUER, HELPDESK_OIDC_CLIENT_ID and HELPDESK_OIDC_CLIENT_SECRET belong together"]
    address = urlsplit(settings.oidc_issuer)
    on_loopback = address.scheme == "http" and address.hostname in _LOOPBACK and not settings.is_production
    return [] if address.scheme == "https" or on_loopback else ["HELPDESK_OIDC_ISSUER must begin with https://"]


def _certificate_faults(settings: Settings) -> list[str]:
    if bool(settings.partner_center_key) == bool(settings.partner_center_thumbprint):
        return []
    return ["HELPDESK_PARTNER_CENTER_KEY and HELPDESK_PARTNER_CENTER_THUMBPRINT belong together"]
