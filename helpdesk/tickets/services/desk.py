"""Prepared answers, tags, mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.errors import DomainError
from helpdesk.limits import MESSAGE_MAX
from helpdesk.tickets.models import EventKind, Macro, Ticket, TicketMessage, TicketTag, Topic
from helpdesk.tickets.queries.desk import tags_of
from helpdesk.tickets.rules.macros import check_variables, mentioned
from helpdesk.tickets.rules.words import tidy, tidy_line, written
from helpdesk.tickets.services.mails import tell_mentioned
from helpdesk.tickets.services.records import note_deed, note_event


class MacroNameTaken(DomainError):
    """There is a prepared answer of that name already."""


def keep_macro(
    session: Session,
    macro: Macro | None,
    *,
    name: str,
    bodies: Mapping[str, str],
    topic: Topic | None,
    tag: str,
    by: User,
    now: datetime,
) -> Macro:
    """Make or change a prepared answer. Raises `NothingWritten`, `UnknownVariable`, `MacroNameTaken`."""
    words = {locale: tidy(body)[:MESSAGE_MAX] for locale, body in bodies.items() if tidy(body)}
    written("".join(words.values()), limit=3 * MESSAGE_MAX)
    for body in words.values():
        check_variables(body)
    title = tidy_line(written(name, limit=80))
    same = session.scalars(sa.select(Macro).where(Macro.name == title)).one_or_none()
    if same is not None and same is not macro:
        raise MacroNameTaken
    macro = macro or Macro()
    macro.name, macro.bodies, macro.topic, macro.tag = title, words, topic, tag
    macro.updated_at, macro.updated_by_id = now, by.id
    session.add(macro)
    session.flush()
    return macro


def set_tags(session: Session, ticket: Ticket, *, tags: Sequence[str], by: User, now: datetime) -> None:
    """Put exactly these tags on the ticket."""
    before = tags_of(session, ticket.id)
    after = list(dict.fromkeys(tags))
    if sorted(before) == sorted(after):
        return
    session.execute(
        sa.delete(TicketTag).where(TicketTag.ticket_id == ticket.id, TicketTag.tag.in_(set(before) - set(after)))
    )
    session.add_all(TicketTag(ticket_id=ticket.id, tag=tag) for tag in after if tag not in before)
    added = [tag for tag in after if tag not in before]
    removed = [tag for tag in before if tag not in after]
    note_event(session, ticket, EventKind.TAGGED, by=by, now=now, added=added, removed=removed)
    note_deed(session, ticket, "tagged", by=by, now=now, before={"tags": before}, after={"tags": after})
    session.flush()


def notify_mentioned(session: Session, ticket: Ticket, note: TicketMessage, *, by: User, now: datetime) -> list[User]:
    """Tell the colleagues that an internal note names; who they are."""
    if "@" not in note.body:
        return []
    named = mentioned(note.body, ((person.name, person) for person in agents(session)))
    told = [person for person in named if person.id != by.id]
    tell_mentioned(session, ticket, note, told, now=now)
    return told
