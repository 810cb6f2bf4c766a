"""What a mail does here: it opens a ticket, is added to one, or joins the private thread with 21Vianet."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from helpdesk.accounts.models import User
from helpdesk.audit.services import record as note_deed
from helpdesk.errors import DomainError
from helpdesk.escalations.services import join_mail, keep_files
from helpdesk.files.errors import FilesTooLarge, TooManyFiles
from helpdesk.files.uploads import CheckedFile, examine_uploads
from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.intake.parsing import File, Mail
from helpdesk.intake.queries import recent_mails
from helpdesk.intake.rules import ANSWERED_TICKETS
from helpdesk.intake.services.house import House
from helpdesk.limits import MESSAGE_MAX, REQUEST_MAX_BYTES, SUBJECT_MAX, UPLOAD_MAX_FILES
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.quoting import split_quoted
from helpdesk.notifications.services import answer_mail, withhold
from helpdesk.tickets.models import Ticket, TicketGuest, TicketState, Topic
from helpdesk.tickets.services import add_note, open_ticket, reopen, reply, reply_as_guest
from helpdesk.web.locale import BABEL


def make_ticket(session: Session, record: IncomingMail, mail: Mail, *, by: User, house: House, now: datetime) -> Ticket:
    """Open a ticket in the sender's name. From the third within an hour on, no acknowledgement goes out."""
    answered = recent_mails(session, record.sender, now=now, result=Result.CREATED)
    files = _kept_files(record, mail.files)
    with force_locale(BABEL.get(by.locale, "en")):
        subject = (mail.subject or _first_line(mail.text) or _("(no subject)"))[:SUBJECT_MAX]
        ticket = open_ticket(
            session,
            by=by,
            topic=Topic.OTHER,
            subject=subject,
            body=_body(record, mail.text, writer=by.email),
            now=now,
            calendar=house.calendar(session),
            idempotency_key=f"mail:{record.sha256[:34]}",
            files=files,
            store=house.files,
        )
    record.ticket, record.result = ticket, Result.CREATED
    for message in _acknowledgements(session, ticket):
        if by.email == record.sender:
            answer_mail(message, record.message_id)
        if answered > ANSWERED_TICKETS:
            withhold(message, now=now)
    _told(session, record, "opened", by=by, now=now)
    return ticket


def _acknowledgements(session: Session, ticket: Ticket) -> list[OutboxMessage]:
    key = f"ticket_received:{ticket.id}:"
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith(key))))


def add_to_ticket(
    session: Session, record: IncomingMail, mail: Mail, ticket: Ticket, *, by: User, house: House, now: datetime
) -> None:
    """Add the words to a ticket: a customer's for all to read, our own people's as an internal note.

    A closed ticket opens again; where it is too late for that, a new ticket is made.
    """
    files = _kept_files(record, mail.files)
    if by.email == record.sender:
        by.mail_failing_since = None
    record.result, record.ticket = Result.JOINED, ticket
    with force_locale(BABEL.get(by.locale, "en")):
        body = _body(record, mail.text, writer=by.email, is_staff=by.role.is_staff)
        if by.role.is_staff:
            add_note(session, ticket, body=body, by=by, now=now, files=files, store=house.files)
        elif ticket.state is not TicketState.CLOSED:
            reply(
                session,
                ticket,
                body=body,
                by=by,
                now=now,
                files=files,
                store=house.files,
                calendar=house.calendar(session),
            )
        else:
            _write_to_closed(session, record, mail, ticket, body=body, files=files, by=by, house=house, now=now)
    _told(session, record, "joined", by=by, now=now)


def add_guests_words(
    session: Session, record: IncomingMail, mail: Mail, guest: TicketGuest, *, house: House, now: datetime
) -> None:
    """Add what somebody from outside wrote to the one ticket to which they were invited. Raises `TicketClosed`."""
    files = _kept_files(record, mail.files)
    record.result, record.ticket = Result.JOINED, guest.ticket
    with force_locale(BABEL.get(guest.locale, "en")):
        reply_as_guest(
            session,
            guest,
            body=_body(record, mail.text, writer=guest.email),
            now=now,
            files=files,
            store=house.files,
            calendar=house.calendar(session),
        )
    _told(session, record, "joined", by=None, now=now)


def _write_to_closed(
    session: Session,
    record: IncomingMail,
    mail: Mail,
    ticket: Ticket,
    *,
    body: str,
    files: list[CheckedFile],
    by: User,
    house: House,
    now: datetime,
) -> None:
    record.reason = Reason.TICKET_CLOSED
    try:
        with session.begin_nested():
            reopen(session, ticket, body=body, by=by, now=now, calendar=house.calendar(session))
    except DomainError:
        make_ticket(session, record, mail, by=by, house=house, now=now)
        return
    if files:
        words = _("The files of the mail before.")
        calendar = house.calendar(session)
        reply(session, ticket, body=words, by=by, now=now, files=files, store=house.files, calendar=calendar)


def join_vnet_case(session: Session, record: IncomingMail, mail: Mail, *, house: House, now: datetime) -> None:
    """Add the mail to the private thread of the case whose request number it names, or hold it."""
    entry = join_mail(
        session,
        sender=mail.sender,
        subject=mail.subject,
        text=split_quoted(mail.text).new,
        message_id=mail.message_id or f"<{record.sha256}@mail>",
        domains=house.vnet_domains,
        now=now,
    )
    if entry is None:
        record.result, record.reason = Result.QUARANTINED, Reason.VNET_WITHOUT_CASE
        return
    record.ticket = entry.escalation.ticket
    if not entry.files:
        keep_files(entry, _kept_files(record, mail.files), house.files)


def _body(record: IncomingMail, text: str, *, writer: str, is_staff: bool = False) -> str:
    """The words to keep: what is new, the quotation as far as there is room, and what was not kept.

    Where the mail does not come from the address of its `writer`, it begins with the one that it does come from.
    """
    split = split_quoted(text)
    refused = [str(each["filename"]) for each in record.attachments if not each["kept"]]
    foot = "\n\n" + _("Not kept from the mail: %(names)s", names=", ".join(refused)[:1000]) if refused else ""
    new = _origin(record, writer) + (split.new or _("(The mail had no text, only files.)"))
    room = MESSAGE_MAX - len(foot) - 2
    if len(new) > room:
        return new[: room - 1] + "…" + foot
    quoted = "" if is_staff else split.quoted[: max(0, room - len(new) - 2)]
    return (f"{new}{foot}\n\n{quoted}" if quoted else f"{new}{foot}").strip()


def _origin(record: IncomingMail, writer: str) -> str:
    """Whose mail it is, so that nobody speaks as somebody else when a colleague gives it to a ticket by hand."""
    if record.sender == writer.lower():
        return ""
    said = _("Mail that names no single sender:")
    if record.sender:
        said = _("Mail from %(address)s:", address=record.sender)
    return f"{said}\n\n"


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")[:80]


def _kept_files(record: IncomingMail, files: tuple[File, ...]) -> list[CheckedFile]:
    """Check each file as an upload is checked; the record says which were not kept and why."""
    kept: list[CheckedFile] = []
    rows: list[dict[str, Any]] = []
    for file in files:
        reason = _kept_or_reason(file, kept)
        row = {"filename": file.name[:200], "size": len(file.content), "kept": not reason}
        rows.append(row | {"reason": reason} if reason else row)
    record.attachments = rows
    return kept


def _kept_or_reason(file: File, kept: list[CheckedFile]) -> str:
    """Add the file to `kept`, or name the refusal."""
    if len(kept) >= UPLOAD_MAX_FILES:
        return TooManyFiles.__name__
    if sum(each.size for each in kept) + len(file.content) > REQUEST_MAX_BYTES:
        return FilesTooLarge.__name__
    found = examine_uploads([FileStorage(io.BytesIO(file.content), filename=file.name or "file.bin")])
    kept += found.accepted
    return "" if found.accepted else type(found.refused[0]).__name__


def _told(session: Session, record: IncomingMail, deed: str, *, by: User | None, now: datetime) -> None:
    session.flush()
    note_deed(
        session,
        f"mail.{deed}",
        object_type="incoming_mail",
        object_id=record.public_id,
        actor_id=by.id if by else None,
        now=now,
        after={"ticket": record.ticket.ref if record.ticket else None, "reason": record.reason.value},
    )
