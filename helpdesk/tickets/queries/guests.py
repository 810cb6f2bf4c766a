"""People from outside on a ticket, and what they may read: public messages of that one ticket with their files."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.rules import token_hash
from helpdesk.tickets.models import Attachment, MessageKind, Ticket, TicketGuest, TicketMessage

_WITH_TICKET = (joinedload(TicketGuest.ticket), joinedload(TicketGuest.invited_by))


def guests_of(session: Session, ticket: Ticket, *, now: datetime) -> list[TicketGuest]:
    """Who is invited to a ticket now, come or not, in the order of the invitations; one statement."""
    statement = (
        sa.select(TicketGuest)
        .where(TicketGuest.ticket_id == ticket.id, TicketGuest.ended_at.is_(None), TicketGuest.expires_at > now)
        .options(joinedload(TicketGuest.invited_by))
        .order_by(TicketGuest.id)
    )
    return list(session.scalars(statement))


def guest_on(session: Session, ticket: Ticket, public_id: str) -> TicketGuest | None:
    """One guest of a ticket that the caller may see, not ended."""
    statement = sa.select(TicketGuest).where(
        TicketGuest.ticket_id == ticket.id, TicketGuest.public_id == public_id, TicketGuest.ended_at.is_(None)
    )
    return session.scalars(statement).one_or_none()


def guest_at(session: Session, ticket: Ticket, email: str, *, now: datetime) -> TicketGuest | None:
    """The guest with that address who is here now."""
    statement = (
        sa.select(TicketGuest)
        .where(
            TicketGuest.ticket_id == ticket.id,
            TicketGuest.email == email.strip().lower(),
            TicketGuest.ended_at.is_(None),
        )
        .options(*_WITH_TICKET)
    )
    guest = session.scalars(statement).one_or_none()
    return guest if guest is not None and guest.is_here(now) else None


def open_guest(session: Session, ticket: Ticket, email: str) -> TicketGuest | None:
    """The invitation of that address that has not ended, in time or not."""
    statement = sa.select(TicketGuest).where(
        TicketGuest.ticket_id == ticket.id, TicketGuest.email == email, TicketGuest.ended_at.is_(None)
    )
    return session.scalars(statement).one_or_none()


def invited_within_hour(session: Session, by: User, *, now: datetime) -> int:
    """How many links somebody had sent to people from outside in the last hour."""
    statement = sa.select(sa.func.count()).where(
        TicketGuest.invited_by_id == by.id, TicketGuest.link_sent_at > now - timedelta(hours=1)
    )
    return session.scalars(statement).one()


def guest_by_link(session: Session, token: str, *, now: datetime, lock: bool = False) -> TicketGuest | None:
    """Whom a mailed link lets in, while it does; `lock` makes a second use of the link wait."""
    digest = token_hash(token)
    if digest is None:
        return None
    statement = sa.select(TicketGuest).where(TicketGuest.link_hash == digest).options(*_WITH_TICKET)
    if lock:
        statement = statement.with_for_update(of=TicketGuest)
    guest = session.scalars(statement).one_or_none()
    in_time = guest is not None and guest.link_until > now and not guest.is_over(now)
    return guest if guest is not None and in_time and guest.invited_by.is_active else None


def waiting_guest(session: Session, public_id: str, *, now: datetime) -> TicketGuest | None:
    """Who may ask for a link by the address of their page: an invitation that holds."""
    statement = sa.select(TicketGuest).where(TicketGuest.public_id == public_id).options(*_WITH_TICKET)
    guest = session.scalars(statement).one_or_none()
    return guest if guest is not None and not guest.is_over(now) else None


def visiting_guest(
    session: Session, public_id: str, visit: str, *, now: datetime, lock: bool = False
) -> TicketGuest | None:
    """The guest whose page this is, if the browser's `visit` is the one that the link began and nothing is over."""
    statement = sa.select(TicketGuest).where(TicketGuest.public_id == public_id).options(*_WITH_TICKET)
    guest = session.scalars(statement).one_or_none()
    if guest is None or not guest.is_here(now) or guest.visit_until is None or guest.visit_until <= now:
        return None
    if not compare_digest(sha256(visit.encode()).hexdigest(), guest.visit_hash or ""):
        return None
    if lock:
        session.scalars(
            sa.select(Ticket)
            .where(Ticket.id == guest.ticket_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
    return guest


def messages_for(session: Session, guest: TicketGuest) -> list[TicketMessage]:
    """Public messages of the guest's ticket, oldest first, with writers and files."""
    statement = (
        sa.select(TicketMessage)
        .where(TicketMessage.ticket_id == guest.ticket_id, TicketMessage.kind == MessageKind.PUBLIC)
        .options(
            joinedload(TicketMessage.author), joinedload(TicketMessage.guest), joinedload(TicketMessage.attachments)
        )
        .order_by(TicketMessage.id)
    )
    return list(session.scalars(statement).unique())


def attachment_for(session: Session, guest: TicketGuest, public_id: str) -> Attachment | None:
    """A file that came with a public message of the guest's ticket."""
    statement = (
        sa.select(Attachment)
        .join(Attachment.message)
        .where(
            Attachment.public_id == public_id,
            TicketMessage.ticket_id == guest.ticket_id,
            TicketMessage.kind == MessageKind.PUBLIC,
        )
    )
    return session.scalars(statement).one_or_none()
