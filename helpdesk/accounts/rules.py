"""What holds for customers, people and signing in; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final
from uuid import UUID
from zoneinfo import available_timezones

from helpdesk.errors import DomainError

_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_EMAIL_MAX: Final = 254
_DOMAIN: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

COUNTED: Final = timedelta(hours=1)
"""Failed tries to sign in count for this long."""

_SAID_IN_SECONDS: Final = timedelta(seconds=90)


class EmailMalformed(DomainError):
    """“%(email)s” is not an e-mail address. Write it like name@company.com."""


class EmailTaken(DomainError):
    """There is already an account with the address %(email)s."""


class NameMissing(DomainError):
    """Write the name by which this person should be addressed."""


class CustomerNeeded(DomainError):
    """This role belongs to a customer. Say to which."""


class CustomerNotAllowed(DomainError):
    """People of the partner belong to no customer."""


class TenantMalformed(DomainError):
    """“%(tenant_id)s” is not a Microsoft ID. It has 32 hexadecimal digits in five groups."""


class DomainMalformed(DomainError):
    """“%(domain)s” is not a domain name. Write it like company.partner.onmschina.cn."""


class CustomerKnown(DomainError):
    """There is already a customer with that Microsoft ID or domain."""


class TimeZoneUnknown(DomainError):
    """There is no time zone called %(time_zone)s."""


class SignInRefused(DomainError):
    """The e-mail address or the password is not right."""


class SignInDelayed(DomainError):
    """There were too many tries. Wait %(seconds)s seconds, then try again. Your account is not locked."""


class SignInPaused(SignInDelayed):
    """There were too many tries. Wait %(minutes)s minutes, then try again. Your account is not locked."""


class CurrentPasswordWrong(DomainError):
    """That is not your current password."""


class AlreadyDisabled(DomainError):
    """The account %(email)s is already disabled."""


def clean_email(email: str) -> str:
    """The address in the one form in which it is kept. Raises `EmailMalformed`."""
    cleaned = email.strip().lower()
    if len(cleaned) > _EMAIL_MAX or not _EMAIL.fullmatch(cleaned):
        raise EmailMalformed(email=email.strip()[:80])
    return cleaned


def clean_name(name: str) -> str:
    """The name on one line. Raises `NameMissing`."""
    cleaned = " ".join(name.replace("\0", " ").split())[:120]
    if not cleaned:
        raise NameMissing
    return cleaned


def clean_tenant_id(tenant_id: str) -> str:
    """The tenant's GUID in lower case with hyphens. Raises `TenantMalformed`."""
    try:
        return str(UUID(tenant_id.strip()))
    except ValueError as error:
        raise TenantMalformed(tenant_id=tenant_id[:60]) from error


def clean_domain(domain: str) -> str:
    """The domain in lower case. Raises `DomainMalformed`."""
    cleaned = domain.strip().lower().rstrip(".")
    if not _DOMAIN.fullmatch(cleaned):
        raise DomainMalformed(domain=domain[:80])
    return cleaned


def check_time_zone(time_zone: str) -> str:
    """A zone that exists. Raises `TimeZoneUnknown`."""
    if time_zone not in available_timezones():
        raise TimeZoneUnknown(time_zone=time_zone[:60])
    return time_zone


def account_key(email: str) -> str:
    """The digest under which tries for an address are counted, whether or not it has an account."""
    return sha256(email.strip().lower().encode()).hexdigest()


def network_of(address: str | None) -> str:
    """What counts as one neighbour: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address((address or "").split("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed tries of one account or network within `COUNTED`: how many, and when the last was."""

    count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failed tries are free, and how the wait grows afterwards: doubling from `first` to `longest`."""

    free: int
    first: timedelta
    longest: timedelta


ACCOUNT: Final = Allowance(free=3, first=timedelta(minutes=1), longest=timedelta(minutes=15))
"""Ten tries an hour. Source: the security list, Rate limits. Nobody waits longer than a quarter of an hour."""

NETWORK: Final = Allowance(free=20, first=timedelta(seconds=5), longest=timedelta(minutes=15))
"""A network may be a whole office."""

EVERYWHERE: Final = Allowance(free=500, first=timedelta(seconds=1), longest=timedelta(seconds=30))
"""An attack from many networks on many accounts is slowed down too; who signed in from a network before is not."""

BURST: Final = 5
BURST_WITHIN: Final = timedelta(minutes=1)
"""So many failed tries a network has in so short a time. Source: the security list, Rate limits."""


def delay_after(count: int, allowance: Allowance) -> timedelta:
    """How long to wait after `count` failed tries: nothing at first, then ever longer, never for good."""
    if count <= allowance.free:
        return timedelta(0)
    return min(allowance.first * (1 << min(count - allowance.free - 1, 20)), allowance.longest)


def check_throttle(failures: Failures, allowance: Allowance, *, now: datetime) -> None:
    """Refuse a try that comes too soon after the failed ones. Raises `SignInDelayed` or `SignInPaused`."""
    if failures.last_at is not None:
        _wait_until(failures.last_at + delay_after(failures.count, allowance), now=now)


def check_burst(latest: Sequence[datetime], *, now: datetime) -> None:
    """Refuse a try after `BURST` failed ones in a row of one network, newest first. Raises `SignInDelayed`."""
    if len(latest) >= BURST:
        _wait_until(latest[BURST - 1] + BURST_WITHIN, now=now)


def _wait_until(moment: datetime, *, now: datetime) -> None:
    left = moment - now
    if left > _SAID_IN_SECONDS:
        raise SignInPaused(minutes=ceil(left / timedelta(minutes=1)))
    if left > timedelta(0):
        raise SignInDelayed(seconds=ceil(left.total_seconds()))
