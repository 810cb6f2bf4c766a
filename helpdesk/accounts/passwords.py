"""Passwords: which are good enough, and how they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from helpdesk.accounts.common_passwords import is_common
from helpdesk.errors import DomainError
from helpdesk.limits import PASSWORD_MAX, PASSWORD_MIN

HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
"""argon2id with the second recommended setting of RFC 9106, section 4."""


class PasswordTooShort(DomainError):
    """A password needs at least %(minimum)s characters. Three or four unrelated words are easy to remember."""


class PasswordTooLong(DomainError):
    """A password may have at most %(maximum)s characters."""


class PasswordTooCommon(DomainError):
    """That password is one of the first that anyone would try. Choose one that nobody would guess."""


def check_password(password: str, *, personal: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or too common. Raises one of the errors above."""
    if len(password) < PASSWORD_MIN:
        raise PasswordTooShort(minimum=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        raise PasswordTooLong(maximum=PASSWORD_MAX)
    if is_common(password, personal=personal):
        raise PasswordTooCommon


def hashed(password: str) -> str:
    """What is kept instead of the password."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that was kept; without one, the same work is done and the answer is no."""
    try:
        found = HASHER.verify(kept or nobodys_hash(), password[: PASSWORD_MAX + 1])
    except (Argon2Error, InvalidHashError):
        return False
    return found and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def nobodys_hash() -> str:
    """A hash to spend time on where there is no account."""
    return hashed("nobody has this password")
