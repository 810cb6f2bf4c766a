"""Closing the loop: nothing is resolved, and nothing closed, without the customer. Source: domain, duty 5."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.errors import DomainError
from helpdesk.limits import AUTOCLOSE_WORKING_DAYS, REOPEN_DAYS
from helpdesk.tickets.models import TicketState
from helpdesk.workcalendar.rules import WorkCalendar

LOWEST_RATING, HIGHEST_RATING = 1, 5


class LoopStillOpen(DomainError):
    """Tell the customer what was done before you resolve the ticket."""


class DisputeUndecided(DomainError):
    """Say what becomes of the disputed charge before you resolve the ticket."""


class ReopenTooLate(DomainError):
    """This ticket was settled more than %(days)d days ago. Open a new ticket and mention its number."""


class NothingToReopen(DomainError):
    """This ticket is still open. Write a message instead."""


class NotRateable(DomainError):
    """A ticket can be rated from 1 to 5 once it is closed."""


class CloseTooEarly(DomainError):
    """The customer has not had the explanation for long enough to close this ticket."""


def check_explained(*, explained_at: datetime | None, loop_opened_at: datetime) -> None:
    """Pass when the customer was told about the last thing that happened. Raises `LoopStillOpen`."""
    if explained_at is None or explained_at < loop_opened_at:
        raise LoopStillOpen


def check_dispute_decided(*, is_open: bool, decided: bool) -> None:
    """Pass when no dispute is left hanging. Raises `DisputeUndecided`."""
    if is_open and not decided:
        raise DisputeUndecided


def reopens_until(settled_at: datetime) -> datetime:
    """Until when “not solved yet” opens the same ticket again."""
    return settled_at + timedelta(days=REOPEN_DAYS)


def may_reopen(state: TicketState, *, settled_at: datetime | None, now: datetime) -> bool:
    """Whether the same ticket can be opened again."""
    settled = state in {TicketState.RESOLVED, TicketState.CLOSED}
    return settled and (settled_at is None or now <= reopens_until(settled_at))


def check_reopen(state: TicketState, *, settled_at: datetime | None, now: datetime) -> None:
    """Pass when the same ticket can be opened again. Raises `NothingToReopen`, `ReopenTooLate`."""
    if state not in {TicketState.RESOLVED, TicketState.CLOSED}:
        raise NothingToReopen
    if not may_reopen(state, settled_at=settled_at, now=now):
        raise ReopenTooLate(days=REOPEN_DAYS)


def closes_itself_at(delivered_at: datetime, calendar: WorkCalendar) -> datetime:
    """When an unanswered ticket closes: a number of working days after the explanation was delivered."""
    return calendar.add_working_days(delivered_at, AUTOCLOSE_WORKING_DAYS)


def check_unanswered(state: TicketState, *, delivered_at: datetime, now: datetime, calendar: WorkCalendar) -> None:
    """Pass when a resolved ticket went unanswered for long enough. Raises `CloseTooEarly`."""
    if state is not TicketState.RESOLVED or now < closes_itself_at(delivered_at, calendar):
        raise CloseTooEarly


def check_rating(state: TicketState, rating: int) -> None:
    """Pass a rating of a closed ticket. Raises `NotRateable`."""
    if state is not TicketState.CLOSED or not LOWEST_RATING <= rating <= HIGHEST_RATING:
        raise NotRateable
