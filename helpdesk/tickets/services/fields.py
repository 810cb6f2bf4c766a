"""Deciding what is asked, and keeping what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.errors import DomainError
from helpdesk.tickets.models import CustomField, EventKind, FieldKind, FieldValue, Ticket, Topic
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.tickets.services.records import note_deed, note_event


class LabelMissing(DomainError):
    """Give the field a name in English at least."""


class ChoicesMissing(DomainError):
    """Write at least two answers to choose from, one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """What a field asks."""

    topic: Topic
    kind: FieldKind
    labels: Mapping[str, str]
    choices: Sequence[Mapping[str, str]] = ()
    required: bool = False
    for_customer: bool = True


def keep_field(
    session: Session, field: CustomField | None, words: FieldWords, *, by: User, now: datetime
) -> CustomField:
    """Make a field, last of its topic, or change one; topic and kind of an existing one stay.

    Raises `LabelMissing`, `ChoicesMissing`.
    """
    labels = {locale: tidy_line(text)[:80] for locale, text in words.labels.items() if tidy_line(text)}
    if "en" not in labels:
        raise LabelMissing
    kept = field or CustomField(topic=words.topic, kind=words.kind, position=_last(session, words.topic) + 1)
    choices = [dict(choice) for choice in words.choices if choice.get("en")]
    if kept.kind is FieldKind.CHOICE and len({choice["en"] for choice in choices}) < 2:  # noqa: PLR2004 - two
        raise ChoicesMissing
    kept.labels, kept.choices = labels, choices if kept.kind is FieldKind.CHOICE else []
    kept.required, kept.for_customer = words.required, words.for_customer
    session.add(kept)
    _note(session, kept, "kept", by=by, now=now)
    return kept


def retire_field(session: Session, field: CustomField, *, retired: bool, by: User, now: datetime) -> None:
    """Ask it no more, or again; what was answered stays."""
    field.retired_at = now if retired else None
    _note(session, field, "retired" if retired else "restored", by=by, now=now)


def move_field(session: Session, field: CustomField, *, up: bool, by: User, now: datetime) -> None:
    """Change places with the field before or after in its topic; the first stays first, the last last."""
    of_topic = sa.select(CustomField).where(CustomField.topic == field.topic, CustomField.retired_at.is_(None))
    ordered = list(session.scalars(of_topic.order_by(CustomField.position, CustomField.id)))
    there = ordered.index(field) + (-1 if up else 1) if field in ordered else -1
    if not 0 <= there < len(ordered):
        return
    ordered.remove(field)
    ordered.insert(there, field)
    for position, each in enumerate(ordered):
        each.position = position
    _note(session, field, "moved", by=by, now=now)


def keep_answers(
    session: Session,
    ticket: Ticket,
    answers: Mapping[CustomField, str],
    *,
    by: User,
    now: datetime,
    is_new: bool = False,
) -> None:
    """Keep answers that `rules.fields.checked` gave; every change stands in the history, those of a new ticket not."""
    changed: dict[str, list[str | None]] = {}
    for field, value in answers.items():
        kept = session.get(FieldValue, (ticket.id, field.id))
        before = kept.value if kept else ""
        if before == value:
            continue
        changed[f"field:{field.label_in('en')}"] = [before or None, value or None]
        if kept is not None and not value:
            session.delete(kept)
        elif kept is not None:
            kept.value = value
        else:
            session.add(FieldValue(ticket_id=ticket.id, field_id=field.id, value=value))
    if changed and not is_new:
        note_event(session, ticket, EventKind.TRIAGED, by=by, now=now, **changed)
        note_deed(session, ticket, "answered_fields", by=by, now=now, after=changed)
    session.flush()


def _last(session: Session, topic: Topic) -> int:
    highest = sa.select(sa.func.max(CustomField.position)).where(CustomField.topic == topic)
    return session.scalars(highest).one() or 0


def _note(session: Session, field: CustomField, deed: str, *, by: User, now: datetime) -> None:
    session.flush()
    after: dict[str, Any] = {
        "topic": field.topic.value,
        "kind": field.kind.value,
        "labels": field.labels,
        "choices": field.choices,
        "required": field.required,
        "for_customer": field.for_customer,
    }
    record(
        session,
        f"desk.field_{deed}",
        object_type="ticket_field",
        object_id=field.public_id,
        actor_id=by.id,
        now=now,
        after=after,
    )
