"""What a person decides about a mail that waits, and reading a mail again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import user_by_email
from helpdesk.audit.services import record as note_deed
from helpdesk.intake.models import BlockedSender, IncomingMail, Reason, Result
from helpdesk.intake.parsing import Mail, parse
from helpdesk.intake.queries import is_blocked
from helpdesk.intake.rules import (
    CannotBlockColleague,
    ChooseCustomer,
    NoSuchTicket,
    NothingToBlock,
    NotTheirTicket,
    NotWaiting,
    RawMailGone,
)
from helpdesk.intake.services.acting import add_to_ticket, make_ticket
from helpdesk.intake.services.house import House
from helpdesk.intake.services.receiving import handle
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_ticket


def accept(session: Session, record: IncomingMail, *, contact: str, by: User, house: House, now: datetime) -> Ticket:
    """Make a ticket of a waiting mail, in the name of its sender, or of `contact` where the sender is unknown.

    Raises `NotWaiting`, `RawMailGone`, `ChooseCustomer`.
    """
    mail = _waiting(record, house)
    person = _customer_person(session, contact or record.sender)
    if person is None:
        raise ChooseCustomer
    ticket = make_ticket(session, record, mail, by=person, house=house, now=now)
    _decided(session, record, Reason.ACCEPTED_BY_HAND, by=by, now=now)
    return ticket


def join(session: Session, record: IncomingMail, *, number: int, by: User, house: House, now: datetime) -> Ticket:
    """Add a waiting mail to a ticket: in its sender's name, or in the requester's where the sender is unknown.

    A sender of another customer is refused. Raises `NotWaiting`, `RawMailGone`, `NoSuchTicket`, `NotTheirTicket`.
    """
    mail = _waiting(record, house)
    ticket = visible_ticket(session, by, number, lock=True)
    if ticket is None:
        raise NoSuchTicket
    sender = user_by_email(session, record.sender)
    if sender is not None and sender.customer_id != ticket.customer_id:
        raise NotTheirTicket
    author = sender if sender is not None and sender.is_active else ticket.requester
    add_to_ticket(session, record, mail, ticket, by=author, house=house, now=now)
    _decided(session, record, Reason.JOINED_BY_HAND, by=by, now=now)
    return ticket


def block(session: Session, record: IncomingMail, *, by: User, now: datetime) -> None:
    """Reject this mail and all later ones of its sender. Raises `NotWaiting`, `NothingToBlock`."""
    if not record.is_waiting:
        raise NotWaiting
    if not record.sender:
        raise NothingToBlock
    known = user_by_email(session, record.sender)
    if known is not None and known.role.is_staff:
        raise CannotBlockColleague
    if not is_blocked(session, record.sender):
        session.add(BlockedSender(address=record.sender, by_id=by.id, at=now))
    record.result = Result.REJECTED
    _decided(session, record, Reason.BLOCKED, by=by, now=now)


def unblock(session: Session, address: str, *, by: User, now: datetime) -> None:
    """Take mail of an address again; one that is not blocked stays as it is."""
    found = session.scalars(select(BlockedSender).where(BlockedSender.address == address)).one_or_none()
    if found is None:
        return
    session.delete(found)
    note_deed(
        session,
        "mail.unblocked",
        object_type="blocked_sender",
        object_id=found.id,
        actor_id=by.id,
        now=now,
        before={"address": address},
    )
    session.flush()


def replay(session: Session, record: IncomingMail, *, house: House, now: datetime, by: User | None = None) -> None:
    """Read a mail again and decide anew, by the rules of today. What already reached a ticket stays.

    Raises `NotWaiting` where it already reached one, `RawMailGone`.
    """
    if record.result in {Result.CREATED, Result.JOINED, Result.SIDE_THREAD}:
        raise NotWaiting
    record.handled_by_id, record.handled_at = (by.id if by else None), now
    handle(session, record, _original(record, house), house=house, now=now)


def _waiting(record: IncomingMail, house: House) -> Mail:
    if not record.is_waiting:
        raise NotWaiting
    return _original(record, house)


def _original(record: IncomingMail, house: House) -> Mail:
    try:
        return parse(house.raw.get(record.sha256))
    except FileNotFoundError as error:
        raise RawMailGone from error


def _customer_person(session: Session, address: str) -> User | None:
    person = user_by_email(session, address)
    return person if person is not None and person.is_active and person.customer_id is not None else None


def _decided(session: Session, record: IncomingMail, reason: Reason, *, by: User, now: datetime) -> None:
    record.reason = reason
    record.detail = ""
    record.handled_by_id, record.handled_at = by.id, now
    note_deed(
        session,
        f"mail.{reason.value}",
        object_type="incoming_mail",
        object_id=record.public_id,
        actor_id=by.id,
        now=now,
        after={"ticket": record.ticket.ref if record.ticket else None},
    )
    session.flush()
