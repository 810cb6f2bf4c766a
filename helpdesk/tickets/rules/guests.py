"""Who may bring somebody from outside to a ticket, and when that is over; pure."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from helpdesk.accounts.models import User
from helpdesk.errors import DomainError
from helpdesk.limits import GUESTS_A_TICKET, INVITATIONS_PER_HOUR, RESEND_AFTER
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Ticket, TicketGuest


class MayNotInvite(DomainError):
    """Only a billing contact or an agent can invite somebody from outside to a ticket."""


class IsAColleague(DomainError):
    """%(email)s belongs to the same organisation. Copy them in as a colleague instead."""


class AlreadyGuest(DomainError):
    """%(email)s is invited to this ticket already."""


class TooManyGuests(DomainError):
    """At most %(count)s people from outside can be on a ticket. Take one back first."""


class TooManyInvited(DomainError):
    """You may send at most %(count)s invitations in an hour. Go on a little later."""


class LinkSentJustNow(DomainError):
    """A link went out a moment ago. A new one can be sent in %(minutes)s minutes."""


class GuestOver(DomainError):
    """This invitation is over. Ask who invited you, should you still need the ticket."""


class NotYourCopy(DomainError):
    """Only who copied this person in, a billing contact or an agent can take it back."""


def check_may_invite(by: User, ticket: Ticket) -> None:
    """Refuse anybody but a billing contact of the ticket's organisation and agents. Raises `MayNotInvite`."""
    is_theirs = by.may(Permission.GUESTS_INVITE) and by.customer_id == ticket.customer_id
    if not is_theirs and not by.may(Permission.TICKETS_WORK):
        raise MayNotInvite


def check_numbers(*, on_the_ticket: int, sent_within_hour: int) -> None:
    """Refuse one more guest, or one more mail to a stranger. Raises `TooManyGuests`, `TooManyInvited`."""
    if on_the_ticket >= GUESTS_A_TICKET:
        raise TooManyGuests(count=GUESTS_A_TICKET)
    if sent_within_hour >= INVITATIONS_PER_HOUR:
        raise TooManyInvited(count=INVITATIONS_PER_HOUR)


def check_here(guest: TicketGuest, *, now: datetime) -> None:
    """Refuse who has not come yet, and whose time is over. Raises `GuestOver`."""
    if not guest.is_here(now):
        raise GuestOver


def check_new_link(guest: TicketGuest, *, now: datetime) -> None:
    """Refuse a link right after the last one, and one to what is over. Raises `GuestOver`, `LinkSentJustNow`."""
    if guest.ended_at is not None:
        raise GuestOver
    left = guest.link_sent_at + RESEND_AFTER - now
    if left.total_seconds() > 0:
        raise LinkSentJustNow(minutes=ceil(left.total_seconds() / 60))


def may_uncopy(by: User, ticket: Ticket, *, person_id: int, copied_by_id: int | None) -> bool:
    """Whether `by` may take a copy back: their own, one that they gave, or any as billing contact or agent."""
    if by.may(Permission.TICKETS_WORK) or by.id in {person_id, copied_by_id}:
        return True
    return by.may(Permission.GUESTS_INVITE) and by.customer_id == ticket.customer_id
