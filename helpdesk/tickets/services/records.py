"""What every use case writes beside its own change: the event, the audit entry, the message with its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.limits import MESSAGE_MAX
from helpdesk.tickets.models import (
    Attachment,
    EventKind,
    MessageKind,
    Ticket,
    TicketEvent,
    TicketGuest,
    TicketMessage,
    TicketState,
    TicketToIndex,
)
from helpdesk.tickets.rules.macros import check_filled_in
from helpdesk.tickets.rules.states import check_transition
from helpdesk.tickets.rules.words import written


def note_event(
    session: Session,
    ticket: Ticket,
    kind: EventKind,
    *,
    by: User | None,
    now: datetime,
    **data: Any,  # noqa: ANN401
) -> TicketEvent:
    """Add a step to the ticket's history, and say that the ticket changed. `data` holds plain JSON values."""
    event = TicketEvent(ticket=ticket, kind=kind, actor=by, data=data, at=now)
    session.add(event)
    ticket.updated_at = now
    return event


def note_deed(
    session: Session,
    ticket: Ticket,
    deed: str,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add the deed to the audit trail as `ticket.<deed>`, and have the search read the ticket again."""
    session.add(TicketToIndex(ticket_id=ticket.id))
    record(
        session,
        f"ticket.{deed}",
        object_type="ticket",
        object_id=ticket.ref,
        actor_id=by.id if by else None,
        now=now,
        before=before,
        after=after,
    )


def move(session: Session, ticket: Ticket, after: TicketState, *, by: User | None, now: datetime) -> None:
    """Bring the ticket to another state, with its event; staying is no move. Raises `TransitionRefused`."""
    before = ticket.state
    if before is after:
        return
    check_transition(before, after)
    ticket.state = after
    note_event(session, ticket, EventKind.STATE_CHANGED, by=by, now=now, before=before.value, after=after.value)


def write_message(
    session: Session,
    ticket: Ticket,
    *,
    body: str,
    kind: MessageKind,
    by: User | TicketGuest,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
    explains: bool = False,
) -> TicketMessage:
    """Add a message with its files. Raises `NothingWritten`, `TooManyWords`, `VariableLeft` in what we write."""
    words = written(body, limit=MESSAGE_MAX)
    if kind is MessageKind.PUBLIC and isinstance(by, User) and by.role.is_staff:
        check_filled_in(words)
    message = TicketMessage(ticket=ticket, kind=kind, body=words, explains=explains, created_at=now)
    if isinstance(by, TicketGuest):
        message.guest = by
    else:
        message.author = by
    message.attachments = [_kept(file, store=store, now=now) for file in files]
    session.add(message)
    ticket.updated_at = now
    session.flush()
    return message


def _kept(file: CheckedFile, *, store: FileStore | None, now: datetime) -> Attachment:
    if store is None:
        msg = "files need a store"
        raise ValueError(msg)
    store.put(file)
    return Attachment(
        filename=file.filename, content_type=file.content_type, size=file.size, sha256=file.sha256, created_at=now
    )
