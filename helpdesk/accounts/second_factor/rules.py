"""Codes of the authenticator app (RFC 6238) and recovery codes; pure."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import pyotp

from helpdesk.errors import DomainError
from helpdesk.limits import RECOVERY_CODES

STEP_SECONDS: Final = 30
WINDOW: Final = 1
"""A phone's clock may be one step early or late. Source: RFC 6238, section 5.2."""

PENDING: Final = timedelta(minutes=10)
"""So long after the password the code may be given."""

_DIGITS: Final = re.compile(r"[0-9]{6}")
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH: Final = 16
"""79 bits: a plain digest of it cannot be turned back."""


class CodeRefused(DomainError):
    """That code is not right, or was used before. Wait for the next one and check that the phone's clock is right."""


class RecoveryCodeRefused(DomainError):
    """That recovery code is not right, or was used before."""


class NotSetUp(DomainError):
    """Begin again: there is nothing to confirm."""


class SecondStepNeeded(DomainError):
    """People of the partner always sign in with a second step. You can set up another app, but not do without."""


class SecondStepMissing(DomainError):
    """There is no second step to remove for %(email)s."""


def new_secret() -> str:
    """A secret for an app: 160 bits in base 32."""
    return pyotp.random_base32(32)


def step_at(now: datetime) -> int:
    """The number of the 30 seconds that hold `now`."""
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, *, now: datetime, after: int | None) -> int | None:
    """The step whose code this is, among those around `now` and later than `after`; None where there is none."""
    typed = re.sub(r"\s", "", code)
    if not _DIGITS.fullmatch(typed):
        return None
    totp, present = pyotp.TOTP(secret), step_at(now)
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        is_it = hmac.compare_digest(totp.generate_otp(step), typed)
        if is_it and (after is None or step > after):
            found = step
    return found


def looks_like_recovery(code: str) -> bool:
    """Whether somebody typed a code from paper, not from the app."""
    return len(_plain(code)) == _RECOVERY_LENGTH


def new_recovery_codes() -> list[str]:
    """Fresh codes, written in groups of four."""
    return [_new_recovery_code() for _ in range(RECOVERY_CODES)]


def _new_recovery_code() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code, however it is typed."""
    return sha256(_plain(code).encode()).hexdigest()


def attempts_key(user_id: int) -> str:
    """Under which tries of a person's second step are counted, apart from those of the password."""
    return sha256(f"second step:{user_id}".encode()).hexdigest()
