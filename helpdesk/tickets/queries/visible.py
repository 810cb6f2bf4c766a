"""Who may see which ticket, message and file: every path of the product goes through here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import people_of
from helpdesk.billing.models import Dispute, InvoiceLine, ReconciliationRow
from helpdesk.permissions import Permission, Role
from helpdesk.tickets.models import (
    Attachment,
    MessageKind,
    Ticket,
    TicketCopy,
    TicketEvent,
    TicketMessage,
    ticket_invoice_line,
)


def tickets_visible_to(user: User) -> sa.Select[Ticket]:
    """Tickets that `user` may see: all for who works on tickets; for customers those of their organisation.

    A billing contact sees the organisation's, a member their own and those they are copied on.
    """
    statement = sa.select(Ticket)
    if user.may(Permission.TICKETS_WORK):
        return statement
    if not user.may(Permission.TICKETS_OPEN) or user.customer_id is None:
        return statement.where(sa.false())
    statement = statement.where(Ticket.customer_id == user.customer_id)
    if user.role is Role.BILLING_CONTACT:
        return statement
    copied = sa.exists().where(TicketCopy.ticket_id == Ticket.id, TicketCopy.user_id == user.id)
    return statement.where(sa.or_(Ticket.requester_id == user.id, copied))


def visible_ticket(session: Session, user: User, number: int, *, lock: bool = False) -> Ticket | None:
    """The ticket with this number, if `user` may see it; with `lock`, nobody else changes it meanwhile."""
    statement = tickets_visible_to(user).where(Ticket.number == number)
    if lock:
        statement = statement.with_for_update(of=Ticket).execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def tickets_by_number(session: Session, user: User, numbers: Sequence[int], *, lock: bool = False) -> dict[int, Ticket]:
    """Those of these tickets that `user` may see, by number."""
    statement = tickets_visible_to(user).where(Ticket.number.in_(numbers)).options(selectinload(Ticket.customer))
    if lock:
        statement = statement.with_for_update(of=Ticket).execution_options(populate_existing=True)
    return {ticket.number: ticket for ticket in session.scalars(statement)}


def ticket_for_page(session: Session, user: User, number: int) -> Ticket | None:
    """The same with everything its page shows beside the messages; one statement."""
    statement = tickets_visible_to(user).where(Ticket.number == number).options(*_for_page())
    return session.scalars(statement).unique().one_or_none()


@cache
def _for_page() -> tuple[ExecutableOption, ...]:
    """Made once: making them takes longer than asking, as with the statements below."""
    numbers = ReconciliationRow.order_id, ReconciliationRow.vnet_subscription_id
    lines = joinedload(Ticket.dispute).joinedload(Dispute.line), joinedload(Ticket.lines)
    return (
        joinedload(Ticket.customer),
        joinedload(Ticket.requester),
        joinedload(Ticket.owner),
        joinedload(Ticket.subscription),
        joinedload(Ticket.invoice),
        *(line.joinedload(InvoiceLine.invoice) for line in lines),
        *(line.joinedload(InvoiceLine.subscription) for line in lines),
        *(line.joinedload(InvoiceLine.reconciliation_row).load_only(*numbers) for line in lines),
    )


def line_of(session: Session, ticket: Ticket) -> InvoiceLine | None:
    """The charge a ticket is about, disputed or not, with what its page shows of it; at most one statement.

    None where `ticket_for_page` has loaded it.
    """
    if ticket.dispute is not None:
        return ticket.dispute.line
    if "lines" not in sa.inspect(ticket).unloaded:
        return min(ticket.lines, key=lambda line: line.id, default=None)
    statement = (
        sa.select(InvoiceLine)
        .join(ticket_invoice_line, ticket_invoice_line.c.line_id == InvoiceLine.id)
        .where(ticket_invoice_line.c.ticket_id == ticket.id)
        .options(
            joinedload(InvoiceLine.invoice),
            joinedload(InvoiceLine.subscription),
            joinedload(InvoiceLine.reconciliation_row),
        )
        .order_by(InvoiceLine.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def may_see_internal(user: User) -> bool:
    """Whether internal notes are for `user`'s eyes."""
    return user.may(Permission.TICKETS_WORK)


def messages_visible_to(session: Session, user: User, ticket: Ticket) -> list[TicketMessage]:
    """Messages of a visible ticket, oldest first, with authors and files; customers never get internal ones."""
    statement = _messages(internal=may_see_internal(user))
    return list(session.scalars(statement, {"ticket": ticket.id}).unique())


@cache
def _messages(*, internal: bool) -> sa.Select[TicketMessage]:
    statement = (
        sa.select(TicketMessage)
        .where(TicketMessage.ticket_id == sa.bindparam("ticket"))
        .options(
            joinedload(TicketMessage.author),
            selectinload(TicketMessage.guest),
            joinedload(TicketMessage.attachments),
        )
        .order_by(TicketMessage.id)
    )
    return statement if internal else statement.where(TicketMessage.kind == MessageKind.PUBLIC)


def events_of(session: Session, ticket: Ticket) -> list[TicketEvent]:
    """The history of a visible ticket, oldest first, with who did it."""
    return list(session.scalars(_events(), {"ticket": ticket.id}))


@cache
def _events() -> sa.Select[TicketEvent]:
    return (
        sa.select(TicketEvent)
        .where(TicketEvent.ticket_id == sa.bindparam("ticket"))
        .options(joinedload(TicketEvent.actor))
        .order_by(TicketEvent.id)
    )


def copied_on(session: Session, ticket: Ticket) -> list[User]:
    """Colleagues of the requester who follow a ticket and may sign in."""
    statement = (
        sa.select(User)
        .join(TicketCopy, TicketCopy.user_id == User.id)
        .where(TicketCopy.ticket_id == ticket.id, User.id != ticket.requester_id, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return list(session.scalars(statement))


def copies_of(session: Session, ticket: Ticket) -> dict[int, int | None]:
    """Who copied whom in, by person."""
    statement = sa.select(TicketCopy.user_id, TicketCopy.by_id).where(TicketCopy.ticket_id == ticket.id)
    return {row.user_id: row.by_id for row in session.execute(statement)}


def follower(session: Session, ticket: Ticket, public_id: str) -> User | None:
    """One of those who are copied in."""
    statement = (
        sa.select(User)
        .join(TicketCopy, TicketCopy.user_id == User.id)
        .where(TicketCopy.ticket_id == ticket.id, User.public_id == public_id)
    )
    return session.scalars(statement).one_or_none()


def colleagues_to_copy(session: Session, ticket: Ticket) -> list[User]:
    """People of the ticket's organisation who do not follow it yet."""
    following = {ticket.requester_id, *(person.id for person in copied_on(session, ticket))}
    return [person for person in people_of(session, ticket.customer_id) if person.id not in following]


def attachment_visible(session: Session, user: User, public_id: str) -> Attachment | None:
    """A file, if `user` may see the message it came with."""
    statement = (
        sa.select(Attachment)
        .join(Attachment.message)
        .where(
            Attachment.public_id == public_id,
            TicketMessage.ticket_id.in_(tickets_visible_to(user).with_only_columns(Ticket.id)),
        )
    )
    if not may_see_internal(user):
        statement = statement.where(TicketMessage.kind == MessageKind.PUBLIC)
    return session.scalars(statement).one_or_none()
