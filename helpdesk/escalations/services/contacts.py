"""The private thread with 21Vianet: who said what. Nothing here writes to the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.escalations.models import (
    Channel,
    ContactEffect,
    ContactFile,
    ContactLogEntry,
    Direction,
    Escalation,
    EscalationState,
)
from helpdesk.escalations.queries.cases import cases_waiting_for_mail
from helpdesk.escalations.rules import FiledInTheFuture, information_due, may_join_mail, next_check
from helpdesk.escalations.services.records import move, note_deed
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.limits import MESSAGE_MAX
from helpdesk.tickets.rules.words import tidy, tidy_line, written
from helpdesk.workcalendar.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class Said:
    """One contact as it took place."""

    at: datetime
    channel: Channel
    direction: Direction
    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Whose working time counts for what: 21Vianet's for the next check, ours for what it asks of us."""

    vnet: WorkCalendar
    partner: WorkCalendar


def log_contact(
    session: Session,
    escalation: Escalation,
    said: Said,
    *,
    by: User,
    now: datetime,
    calendars: Calendars,
    effect: ContactEffect = ContactEffect.NONE,
    next_check_at: datetime | None = None,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
) -> ContactLogEntry:
    """Add a contact; it moves the next check, and the turn where its `effect` says so.

    Raises `FiledInTheFuture`, `NothingWritten`, `StepNotPossible`.
    """
    if said.at > now:
        raise FiledInTheFuture
    entry = entry_of(escalation, said)
    entry.author = by
    if files:
        keep_files(entry, files, store)
    session.add(entry)
    if said.direction is Direction.FROM_21VIANET:
        escalation.representative = escalation.representative or entry.who
    _turn(session, escalation, effect, by=by, now=now, calendars=calendars)
    if escalation.state is EscalationState.FILED:
        escalation.next_check_at = next_check_at or next_check(now, calendars.vnet)
    session.flush()
    note_deed(session, escalation, "contact_logged", by=by, now=now, after={"contact": entry.id})
    return entry


def _turn(
    session: Session, escalation: Escalation, effect: ContactEffect, *, by: User, now: datetime, calendars: Calendars
) -> None:
    if effect is ContactEffect.INFORMATION_REQUESTED:
        move(session, escalation, EscalationState.INFORMATION_REQUESTED, by=by, now=now)
        escalation.information_due_at = information_due(now, calendars.partner)
    if effect is ContactEffect.INFORMATION_GIVEN:
        move(session, escalation, EscalationState.FILED, by=by, now=now)
        escalation.information_due_at = None


def entry_of(escalation: Escalation, said: Said) -> ContactLogEntry:
    """Make a log entry of what was said. Raises `NothingWritten`."""
    return ContactLogEntry(
        escalation=escalation,
        at=said.at,
        channel=said.channel,
        direction=said.direction,
        who=tidy_line(said.who)[:120],
        text=written(said.text, limit=MESSAGE_MAX),
    )


def keep_files(entry: ContactLogEntry, files: Sequence[CheckedFile], store: FileStore | None) -> None:
    """Keep the files that came with a contact, for the partner's people alone."""
    if store is None:
        msg = "files need a store"
        raise ValueError(msg)
    for file in files:
        store.put(file)
        kept = ContactFile(filename=file.filename, content_type=file.content_type, size=file.size, sha256=file.sha256)
        entry.files.append(kept)


def join_mail(
    session: Session, *, sender: str, subject: str, text: str, message_id: str, domains: Iterable[str], now: datetime
) -> ContactLogEntry | None:
    """Add a mail from 21Vianet to the case it belongs to, or give None: it belongs to no case.

    A mail joins by a case's request number *and* a sender of a known domain, never by its subject alone; the
    same Message-ID joins once. `sender` is the address that the receiving server authenticated.
    """
    known = session.scalars(select(ContactLogEntry).where(ContactLogEntry.mail_message_id == message_id)).one_or_none()
    if known is not None:
        return known
    domains = tuple(domains)
    words = f"{subject}\n{text}"
    for escalation in cases_waiting_for_mail(session):
        number = escalation.request_number or ""
        if may_join_mail(sender=sender, text=words, request_number=number, domains=domains):
            said = Said(now, Channel.MAIL, Direction.FROM_21VIANET, tidy(words)[:MESSAGE_MAX], who=sender)
            entry = entry_of(escalation, said)
            entry.mail_message_id = message_id
            escalation.next_check_at = now if escalation.state is EscalationState.FILED else escalation.next_check_at
            session.add(entry)
            session.flush()
            return entry
    return None
