"""What is known about mails that came in, and about those who sent them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from helpdesk.accounts.models import User
from helpdesk.intake.models import BlockedSender, IncomingMail, Result
from helpdesk.intake.rules import CAP_WINDOW
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage, OutboxState
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Ticket, TicketMessage
from helpdesk.tickets.queries import copied_on, tickets_visible_to
from helpdesk.web.pagination import Page, cut

PAGE_ROWS: Final = 50
TOLD_AT_ONCE: Final = 200


class MailFilter(StrEnum):
    """Which mails the page lists."""

    WAITING = "waiting"
    DONE = "done"
    MACHINES = "machines"
    REJECTED = "rejected"


_RESULTS: Final[dict[MailFilter, tuple[Result, ...]]] = {
    MailFilter.WAITING: (Result.QUARANTINED,),
    MailFilter.DONE: (Result.CREATED, Result.JOINED, Result.SIDE_THREAD),
    MailFilter.MACHINES: (Result.BOUNCE, Result.AUTO_REPLY),
    MailFilter.REJECTED: (Result.REJECTED,),
}


def mail_page(session: Session, chosen: MailFilter, *, before: int | None = None) -> Page[IncomingMail]:
    """Mails that came in, newest first, each with its ticket; one statement."""
    statement = (
        select(IncomingMail)
        .where(IncomingMail.result.in_(_RESULTS[chosen]))
        .options(joinedload(IncomingMail.ticket))
        .order_by(IncomingMail.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if before is not None:
        statement = statement.where(IncomingMail.id < before)
    return cut(session.scalars(statement).all(), PAGE_ROWS, lambda mail: mail.id)


def incoming_mail(session: Session, public_id: str, *, lock: bool = False) -> IncomingMail | None:
    """One mail; with `lock`, nobody else decides about it meanwhile."""
    statement = select(IncomingMail).where(IncomingMail.public_id == public_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def blocked_senders(session: Session, *, before: int | None = None) -> Page[BlockedSender]:
    """Addresses whose mail is rejected, newest first, each with who blocked it; one statement."""
    statement = (
        select(BlockedSender)
        .options(joinedload(BlockedSender.by))
        .order_by(BlockedSender.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if before is not None:
        statement = statement.where(BlockedSender.id < before)
    return cut(session.scalars(statement).all(), PAGE_ROWS, lambda blocked: blocked.id)


def known_mail(session: Session, sha256: str) -> IncomingMail | None:
    """The mail with exactly these bytes."""
    return session.scalars(select(IncomingMail).where(IncomingMail.sha256 == sha256)).one_or_none()


def is_repeated(session: Session, *, message_id: str, sender: str, other_than: str) -> bool:
    """Whether this sender's mail with this Message-ID was already acted on, under other bytes."""
    statement = select(IncomingMail.id).where(
        IncomingMail.message_id == message_id,
        IncomingMail.sender == sender,
        IncomingMail.sha256 != other_than,
        IncomingMail.result.in_(_RESULTS[MailFilter.DONE]),
    )
    return bool(message_id) and session.scalars(statement.limit(1)).first() is not None


def recent_mails(session: Session, sender: str, *, now: datetime, result: Result | None = None) -> int:
    """How many mails of that address came within the window of the cap."""
    statement = (
        select(func.count())
        .select_from(IncomingMail)
        .where(IncomingMail.sender == sender, IncomingMail.received_at > now - CAP_WINDOW)
    )
    if result is not None:
        statement = statement.where(IncomingMail.result == result)
    return session.scalars(statement).one()


def is_blocked(session: Session, sender: str) -> bool:
    """Whether mail of that address is rejected."""
    return session.scalars(select(BlockedSender.id).where(BlockedSender.address == sender)).first() is not None


def our_delivery(session: Session, identifiers: Iterable[str]) -> Delivery | None:
    """The mail of ours that bears the first of these Message-IDs that is ours."""
    wanted = list(dict.fromkeys(identifiers))[:100]
    statement = select(Delivery).where(Delivery.mail_message_id.in_(wanted)).options(joinedload(Delivery.message))
    found = {delivery.mail_message_id: delivery for delivery in session.scalars(statement)}
    return next((found[identifier] for identifier in wanted if identifier in found), None)


def refused_deliveries(session: Session, *, since: datetime) -> list[Delivery]:
    """Mails that a mail server refused for good after `since`, and that nobody was told of; oldest first."""
    statement = (
        select(Delivery)
        .join(Delivery.message)
        .where(
            OutboxMessage.state == OutboxState.DEAD,
            OutboxMessage.done_at > since,
            or_(OutboxMessage.last_error.like("4__ %"), OutboxMessage.last_error.like("5__ %")),
            Delivery.state == DeliveryState.FAILED,
        )
        .options(contains_eager(Delivery.message))
        .order_by(Delivery.id)
        .limit(TOLD_AT_ONCE)
    )
    return list(session.scalars(statement))


def people_reached_again(session: Session, *, since: datetime) -> list[User]:
    """People whose address was marked before a mail, tried again by hand, was taken for it after `since`."""
    statement = (
        select(User)
        .join(OutboxMessage, OutboxMessage.recipient_id == User.id)
        .join(Delivery, (Delivery.message_id == OutboxMessage.id) & (Delivery.address == User.email))
        .where(
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.done_at > since,
            OutboxMessage.handled_at > User.mail_failing_since,
            Delivery.state == DeliveryState.ACCEPTED,
        )
        .distinct()
    )
    return list(session.scalars(statement))


def takes_part(session: Session, ticket: Ticket, person: User) -> bool:
    """Whether `person` takes part in the ticket: asked, is copied in, wrote in it, owns it, or works on tickets."""
    visible = tickets_visible_to(person).where(Ticket.id == ticket.id)
    if not person.is_active or session.scalars(visible).one_or_none() is None:
        return False
    if person.may(Permission.TICKETS_WORK) or person.id == ticket.requester_id:
        return True
    wrote = select(TicketMessage.id).where(TicketMessage.ticket_id == ticket.id, TicketMessage.author_id == person.id)
    return person in copied_on(session, ticket) or session.scalars(wrote.limit(1)).first() is not None


def raw_to_delete(session: Session, *, now: datetime, limit: int = 500) -> list[IncomingMail]:
    """Mails whose bytes were kept long enough."""
    statement = select(IncomingMail).where(IncomingMail.raw_deleted_at.is_(None), IncomingMail.keep_until <= now)
    return list(session.scalars(statement.order_by(IncomingMail.id).limit(limit)))


def waiting_in_quarantine(session: Session) -> int:
    """How many mails wait for a decision."""
    statement = select(func.count()).select_from(IncomingMail).where(IncomingMail.result == Result.QUARANTINED)
    return session.scalars(statement).one()
