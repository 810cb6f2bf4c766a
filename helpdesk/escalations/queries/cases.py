"""One case: for the partner's people whole, for the customer two dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, false, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.billing.models import Dispute, InvoiceLine
from helpdesk.escalations.models import (
    AT_21VIANET,
    ENDED,
    ContactFile,
    ContactLogEntry,
    Escalation,
    EscalationPacket,
    EscalationStep,
)
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Attachment, Ticket


@dataclass(frozen=True, slots=True)
class CustomerView:
    """All that a customer learns of a case: since when it is with 21Vianet, and when we look again."""

    since: datetime
    next_check: datetime | None


def escalations_visible_to(user: User) -> Select[Escalation]:
    """Cases the person may see: all for who works them, none for anybody else."""
    statement = select(Escalation)
    return statement if user.may(Permission.ESCALATIONS_WORK) else statement.where(false())


def visible_case(session: Session, user: User, public_id: str) -> Escalation | None:
    """One case with everything its page shows, in a constant number of statements."""
    statement = (
        escalations_visible_to(user)
        .where(Escalation.public_id == public_id)
        .options(
            joinedload(Escalation.ticket).options(
                joinedload(Ticket.customer),
                joinedload(Ticket.owner),
                joinedload(Ticket.dispute).joinedload(Dispute.line).joinedload(InvoiceLine.invoice),
            ),
            joinedload(Escalation.created_by),
            joinedload(Escalation.filed_by),
            joinedload(Escalation.approved_by),
            joinedload(Escalation.credit_row),
            joinedload(Escalation.subscription),
            selectinload(Escalation.packets).joinedload(EscalationPacket.created_by),
            selectinload(Escalation.steps).joinedload(EscalationStep.actor),
            selectinload(Escalation.contacts).options(
                joinedload(ContactLogEntry.author), selectinload(ContactLogEntry.files)
            ),
            selectinload(Escalation.lines).joinedload(InvoiceLine.invoice),
            selectinload(Escalation.notes),
            selectinload(Escalation.attachments).joinedload(Attachment.message),
        )
    )
    return session.scalars(statement).one_or_none()


def case_to_change(session: Session, user: User, public_id: str) -> Escalation | None:
    """The same row alone, locked: nobody else changes it meanwhile."""
    statement = escalations_visible_to(user).where(Escalation.public_id == public_id).with_for_update(of=Escalation)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def open_case_of(session: Session, ticket_id: int) -> Escalation | None:
    """The ticket's open case."""
    return session.scalars(_open_case(), {"ticket": ticket_id}).one_or_none()


@cache
def _open_case() -> Select[Escalation]:
    """Built once: building takes longer than asking."""
    return select(Escalation).where(Escalation.ticket_id == bindparam("ticket"), Escalation.state.not_in(ENDED))


def customer_view_of(session: Session, ticket: Ticket, *, now: datetime) -> CustomerView | None:
    """What the customer may know of the ticket's case; None unless it is with 21Vianet. A past check is no promise."""
    statement = select(Escalation).where(Escalation.ticket_id == ticket.id, Escalation.state.in_(AT_21VIANET))
    case = session.scalars(statement).one_or_none()
    if case is None or case.filed_at is None:
        return None
    return CustomerView(since=case.filed_at, next_check=None if case.is_overdue(now) else case.due_at)


def case_by_request_number(session: Session, request_number: str) -> Escalation | None:
    """The case that has 21Vianet's request number, open or not."""
    statement = (
        select(Escalation).options(joinedload(Escalation.ticket)).where(Escalation.request_number == request_number)
    )
    return session.scalars(statement).one_or_none()


def cases_waiting_for_mail(session: Session) -> list[Escalation]:
    """Open cases that have a request number, so that a mail can name them."""
    statement = select(Escalation).where(Escalation.request_number.is_not(None), Escalation.state.not_in(ENDED))
    return list(session.scalars(statement.order_by(Escalation.id)))


def contact_file_visible(session: Session, user: User, public_id: str) -> ContactFile | None:
    """A file of a contact, for who may see its case."""
    cases = escalations_visible_to(user).with_only_columns(Escalation.id)
    statement = (
        select(ContactFile)
        .join(ContactFile.contact)
        .where(ContactFile.public_id == public_id, ContactLogEntry.escalation_id.in_(cases))
    )
    return session.scalars(statement).one_or_none()
