"""The mails of a ticket; each is a row of the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.addressee import Addressee
from helpdesk.accounts.models import User
from helpdesk.limits import AUTOCLOSE_WORKING_DAYS, REOPEN_DAYS
from helpdesk.notifications.private_links import private_link
from helpdesk.notifications.services import queue_mail
from helpdesk.tickets.models import Ticket, TicketGuest, TicketMessage
from helpdesk.tickets.queries import copied_on
from helpdesk.tickets.queries.guests import guests_of
from helpdesk.workcalendar.rules import WorkCalendar


def people_of(session: Session, ticket: Ticket) -> list[User]:
    """The customer's people who are told about a ticket: who asked, then who is copied in."""
    return [ticket.requester, *copied_on(session, ticket)]


def tell_received(session: Session, ticket: Ticket, *, now: datetime, calendar: WorkCalendar) -> None:
    """Tell who asked that the ticket is here, and when we answer."""
    year = calendar.unconfirmed_year(ticket.answer_due_at)
    _mail(session, ticket, "ticket_received", [ticket.requester], key="received", now=now, year_unconfirmed=year)


def tell_answered(session: Session, ticket: Ticket, message: TicketMessage, *, now: datetime) -> None:
    """Send our answer."""
    extra = _message(message)
    _mail(session, ticket, "ticket_answered", people_of(session, ticket), key=message.public_id, now=now, **extra)
    _tell_guests(session, ticket, message, now=now)


def tell_resolved(session: Session, ticket: Ticket, explanation: TicketMessage, *, now: datetime) -> None:
    """Send the explanation, and how to say whether it is solved."""
    extra = _message(explanation) | {
        "confirm_path": f"/tickets/{ticket.ref}#settle",
        "close_days": AUTOCLOSE_WORKING_DAYS,
        "reopen_days": REOPEN_DAYS,
    }
    _mail(session, ticket, "ticket_resolved", people_of(session, ticket), key=explanation.public_id, now=now, **extra)
    _tell_guests(session, ticket, explanation, now=now)


def tell_closed(session: Session, ticket: Ticket, *, unanswered: bool, now: datetime) -> None:
    """Say that the ticket is closed, by the customer's word or because nobody answered."""
    extra = {"unanswered": unanswered, "reopen_days": REOPEN_DAYS, "close_days": AUTOCLOSE_WORKING_DAYS}
    _mail(session, ticket, "ticket_closed", [ticket.requester], key=f"closed-{_life(ticket)}", now=now, **extra)


def tell_reopened(session: Session, ticket: Ticket, message: TicketMessage, *, now: datetime) -> None:
    """Tell the owner that it was not solved."""
    if ticket.owner is None or not ticket.owner.is_active:
        return
    _mail(session, ticket, "ticket_reopened", [ticket.owner], key=message.public_id, now=now, **_message(message))


def tell_assigned(session: Session, ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Tell a new owner, unless they took it themselves; `by` is None where a rule gave it."""
    if ticket.owner is None or (by is not None and ticket.owner.id == by.id):
        return
    key = f"assigned-{int(now.timestamp())}"
    _mail(session, ticket, "ticket_assigned", [ticket.owner], key=key, now=now, by=by.name if by else "")


def tell_copied(session: Session, ticket: Ticket, person: User, *, by: User, now: datetime) -> None:
    """Tell a colleague that they can see the ticket, and get its mails, from now on."""
    _mail(session, ticket, "ticket_copied", [person], key=f"copied-{int(now.timestamp())}", now=now, by=by.name)


def tell_mentioned(
    session: Session, ticket: Ticket, note: TicketMessage, people: Iterable[User], *, now: datetime
) -> None:
    """Tell colleagues that a note names them."""
    _mail(session, ticket, "ticket_mentioned", people, key=note.public_id, now=now, **_message(note))


def tell_due(
    session: Session, ticket: Ticket, people: Iterable[User], *, level: int, late: bool, now: datetime
) -> None:
    """Say that a promised answer is due soon, or late; each `level` is said once a promise."""
    key = f"due-{level}-{int(ticket.answer_due_at.timestamp())}"
    owner = ticket.owner.name if ticket.owner else ""
    _mail(session, ticket, "ticket_due", people, key=key, now=now, late=late, owner=owner)


def tell_invited(session: Session, guest: TicketGuest, *, seed: str, now: datetime) -> None:
    """Mail a link to somebody from outside: with who invites, and no word of the ticket before they came."""
    payload = {
        **private_link("/guest/link/", seed),
        "by": guest.invited_by.name,
        "organisation": guest.ticket.customer.name,
        "until": guest.link_until.isoformat(),
        "access_until": guest.expires_at.isoformat(),
    }
    _mail_guest(session, guest, "guest_invited", payload, key=str(guest.links), now=now)


def _tell_guests(session: Session, ticket: Ticket, message: TicketMessage, *, now: datetime) -> None:
    """Send a public message to the guests who came."""
    for guest in guests_of(session, ticket, now=now):
        if guest.is_here(now):
            payload = {
                **_message(message),
                "ref": ticket.ref,
                "subject": ticket.subject,
                "by": guest.invited_by.name,
                "access_until": guest.expires_at.isoformat(),
                "path": f"/guest/{guest.public_id}",
                "guest": guest.id,
            }
            _mail_guest(session, guest, "guest_answered", payload, key=message.public_id, now=now)


def guest_group(guest: TicketGuest) -> str:
    """The thread of mails to a guest, apart from everybody else's."""
    return f"guest:{guest.id}"


def _mail_guest(
    session: Session, guest: TicketGuest, kind: str, payload: dict[str, Any], *, key: str, now: datetime
) -> None:
    queue_mail(
        session,
        kind=kind,
        recipient=Addressee(None, guest.email, guest.name, guest.locale, guest.time_zone),
        subject_type="ticket",
        subject_id=guest.ticket_id,
        group_key=guest_group(guest),
        dedupe_key=f"{kind}:{guest.id}:{key}",
        payload=payload,
        now=now,
    )


def _life(ticket: Ticket) -> int:
    """Tell one closing of a reopened ticket from the one before."""
    return int(ticket.closed_at.timestamp()) if ticket.closed_at else 0


def _message(message: TicketMessage) -> dict[str, Any]:
    return {
        "body": message.body,
        "author": message.writer.name,
        "files": [attachment.filename for attachment in message.attachments],
    }


def _mail(
    session: Session,
    ticket: Ticket,
    kind: str,
    recipients: Iterable[User],
    *,
    key: str,
    now: datetime,
    **extra: Any,  # noqa: ANN401 - plain JSON values
) -> None:
    payload = {
        "ref": ticket.ref,
        "subject": ticket.subject,
        "customer": ticket.customer.name,
        "topic": ticket.topic.value,
        "priority": ticket.priority.value,
        "answer_due_at": ticket.answer_due_at.isoformat(),
        "path": f"/tickets/{ticket.ref}",
        "work_path": f"/work/tickets/{ticket.ref}",
        **extra,
    }
    for recipient in recipients:
        queue_mail(
            session,
            kind=kind,
            recipient=recipient,
            subject_type="ticket",
            subject_id=ticket.id,
            group_key=f"ticket:{ticket.id}",
            dedupe_key=f"{kind}:{ticket.id}:{key}:{recipient.id}",
            payload=payload,
            now=now,
        )
