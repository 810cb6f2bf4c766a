"""A ticket's conversation and history in one order, each entry with its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from helpdesk.accounts.models import User
from helpdesk.tickets.labels import PORTAL_EVENTS, event_words
from helpdesk.tickets.models import EventKind, MessageKind, TicketEvent, TicketMessage
from helpdesk.tickets.rules.timeline import CUSTOMER_EVENTS


@dataclass(frozen=True, slots=True)
class Entry:
    """A message, or a step said in words."""

    at: datetime
    message: TicketMessage | None = None
    words: str = ""
    actor: str = ""
    is_ours: bool = False
    """Whether the partner wrote it."""
    is_guest: bool = False
    """Whether somebody from outside wrote it."""

    @property
    def is_internal(self) -> bool:
        """Whether only the partner's people read it."""
        return self.message is not None and self.message.kind is MessageKind.INTERNAL


def portal_entries(messages: Sequence[TicketMessage], events: Iterable[TicketEvent]) -> list[Entry]:
    """The customer's conversation: public messages, and the steps that are for them; names of ours are kept."""
    steps = [
        Entry(event.at, words=str(PORTAL_EVENTS[event.kind]))
        for event in events
        if event.kind in CUSTOMER_EVENTS and event.kind is not EventKind.OPENED
    ]
    said = [_said(message) for message in messages if message.kind is MessageKind.PUBLIC]
    return sorted([*said, *steps], key=lambda entry: entry.at)


def work_entries(messages: Sequence[TicketMessage], events: Sequence[TicketEvent]) -> list[Entry]:
    """The agents' view: everything, with who did it."""
    steps = [
        Entry(event.at, words=event_words(event.kind, event.data, _name(event.actor)), actor=_name(event.actor))
        for event in events
        if event.kind is not EventKind.OPENED and not _is_told_otherwise(event, events, messages)
    ]
    return sorted([*[_said(message) for message in messages], *steps], key=lambda entry: entry.at)


def news_words(messages: Iterable[TicketMessage], events: Iterable[TicketEvent]) -> list[str]:
    """What happened meanwhile, a sentence each."""
    said = [
        _("%(name)s wrote an internal note.", name=message.writer.name)
        if message.kind is MessageKind.INTERNAL
        else _("%(name)s wrote a message.", name=message.writer.name)
        for message in messages
    ]
    return [*said, *(event_words(event.kind, event.data, _name(event.actor)) for event in events)]


def _is_told_otherwise(event: TicketEvent, events: Sequence[TicketEvent], messages: Sequence[TicketMessage]) -> bool:
    """A change of state that came with a message, or a step of its own, is not told twice."""
    if event.kind is not EventKind.STATE_CHANGED:
        return False
    told = any(other.at == event.at and other.kind is not EventKind.STATE_CHANGED for other in events)
    return told or any(message.created_at == event.at for message in messages)


def _said(message: TicketMessage) -> Entry:
    return Entry(
        message.created_at,
        message=message,
        actor=message.writer.name,
        is_ours=message.is_ours,
        is_guest=message.guest_id is not None,
    )


def _name(actor: User | None) -> str:
    return actor.name if actor else _("the helpdesk")
