"""What becomes of a mail, decided from what is known about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.intake.models import Reason, Result

CAP_WINDOW: Final = timedelta(hours=1)
CAP_MAILS: Final = 20
"""Mails of one address in an hour that are acted on; the rest wait in quarantine. Source: our choice."""
ANSWERED_TICKETS: Final = 2
"""Tickets of one address in an hour that are acknowledged by mail: two robots stop after two mails."""


class NotWaiting(DomainError):
    """Somebody has already decided about this mail. Load the page again to see."""


class RawMailGone(DomainError):
    """The original of this mail was deleted at its retention date, so it cannot be read again."""


class ChooseCustomer(DomainError):
    """Nobody with this address is known. Enter the e-mail address of the customer's contact it belongs to."""


class NoSuchTicket(DomainError):
    """There is no ticket with that number."""


class NotTheirTicket(DomainError):
    """That ticket belongs to another customer than the sender of this mail."""


class NothingToBlock(DomainError):
    """This mail names no single sender that could be blocked."""


class CannotBlockColleague(DomainError):
    """An address of your own team cannot be blocked."""


class Who(StrEnum):
    """Who the sender is here."""

    UNKNOWN = "unknown"
    CUSTOMER = "customer"
    STAFF = "staff"
    DISABLED = "disabled"
    GUEST = "guest"
    """Somebody from outside, invited to the ticket that the mail names."""
    VNET = "vnet"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a mail when it is decided."""

    senders: int
    who: Who
    is_bounce: bool
    is_automatic: bool
    is_ours: bool
    """Its Message-ID or its sender is our own."""
    is_blocked: bool
    is_duplicate: bool
    is_empty: bool
    is_too_large: bool
    authentic: bool | None
    """What our receiving server found; None where it was not asked."""
    recent: int
    """Mails of this address within the last hour, without this one."""
    forged_token: bool
    thread: Reason | None
    """By what it names a ticket: TOKEN or MESSAGE_ID."""
    takes_part: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do and why."""

    result: Result
    reason: Reason


def decide(facts: Facts) -> Decision:
    """Guard after guard: machines first, then who it is, then the thread."""
    return (
        _about_machines(facts)
        or _about_the_sender(facts)
        or _about_the_thread(facts)
        or _held(Reason.EMPTY if facts.is_empty else Reason.UNKNOWN_SENDER)
    )


def _held(reason: Reason) -> Decision:
    return Decision(Result.QUARANTINED, reason)


def _about_machines(facts: Facts) -> Decision | None:
    if facts.is_bounce:
        return Decision(Result.BOUNCE, Reason.DELIVERY_REPORT)
    if facts.is_ours:
        return Decision(Result.REJECTED, Reason.OWN_MAIL)
    if facts.is_blocked:
        return Decision(Result.REJECTED, Reason.BLOCKED)
    if facts.is_automatic:
        return Decision(Result.AUTO_REPLY, Reason.AUTOMATIC)
    return Decision(Result.REJECTED, Reason.DUPLICATE) if facts.is_duplicate else None


def _about_the_sender(facts: Facts) -> Decision | None:
    if facts.senders != 1:
        return _held(Reason.SEVERAL_SENDERS if facts.senders else Reason.NO_SENDER)
    if facts.recent >= CAP_MAILS:
        return _held(Reason.TOO_MANY)
    if facts.authentic is False:
        return _held(Reason.NOT_AUTHENTIC)
    if facts.who is Who.VNET:
        return Decision(Result.SIDE_THREAD, Reason.VNET_CASE)
    if facts.is_too_large:
        return _held(Reason.TOO_LARGE)
    return _held(Reason.SENDER_DISABLED) if facts.who is Who.DISABLED else None


def _about_the_thread(facts: Facts) -> Decision | None:
    if facts.forged_token:
        return _held(Reason.FORGED_TOKEN)
    if facts.thread is not None and not facts.takes_part:
        return _held(Reason.NOT_A_PARTICIPANT)
    if facts.is_empty or facts.who is Who.UNKNOWN:
        return None
    if facts.thread is not None:
        return Decision(Result.JOINED, facts.thread)
    if facts.who is Who.STAFF:
        return _held(Reason.STAFF_WITHOUT_TICKET)
    return Decision(Result.CREATED, Reason.KNOWN_SENDER)
