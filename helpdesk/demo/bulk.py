"""Many generated tickets, quickly: rows in batches, for measuring and for trying a full queue."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.db import public_id
from helpdesk.demo.people import guid
from helpdesk.demo.stories import STORIES
from helpdesk.permissions import CUSTOMER_ROLES, Role
from helpdesk.search.contracts import SearchDocument
from helpdesk.search.services import index_new
from helpdesk.tickets.models import (
    EventKind,
    MessageKind,
    Priority,
    Ticket,
    TicketEvent,
    TicketMessage,
    TicketState,
    TicketTag,
)
from helpdesk.tickets.services.indexing import documents_of

BATCH: Final = 2000
MESSAGES: Final = 4
"""Messages a ticket."""
TAGS: Final = ("proration", "bank-slip", "对账", "renewal", "退款")
_CLOSED_SHARE: Final = 0.85
_TAGGED_SHARE: Final = 0.2


def add_tickets(session: Session, count: int, *, now: datetime) -> int:
    """Add `count` tickets with their messages to the customers that there are; says how many were made."""
    dice = random.Random(7)  # noqa: S311 - not a secret
    askers = session.scalars(select(User).where(User.role.in_(CUSTOMER_ROLES)).order_by(User.id)).all()
    customers = {customer.id: customer for customer in session.scalars(select(Customer))}
    agents = session.scalars(select(User).where(User.role.in_([Role.AGENT, Role.LEAD])).order_by(User.id)).all()
    first_number = (session.scalar(select(func.max(Ticket.number))) or 1000) + 1
    first_id = (session.scalar(select(func.max(Ticket.id))) or 0) + 1
    for begin in range(0, count, BATCH):
        size = min(BATCH, count - begin)
        tickets = [
            _ticket(
                dice, first_id + begin + step, number=first_number + begin + step, askers=askers, agents=agents, now=now
            )
            for step in range(size)
        ]
        messages = {ticket["id"]: _messages(dice, ticket) for ticket in tickets}
        tags = {ticket["id"]: _tags(dice) for ticket in tickets}
        session.execute(insert(Ticket), tickets)
        session.execute(insert(TicketMessage), [message for said in messages.values() for message in said])
        session.execute(insert(TicketEvent), [_opened(ticket) for ticket in tickets])
        tagged = [{"ticket_id": ticket, "tag": tag} for ticket, its_tags in tags.items() for tag in its_tags]
        session.execute(insert(TicketTag), tagged)
        index_new(session, _documents(tickets, customers, messages, tags), now=now)
    _move_the_sequence(session)
    return count


def _ticket(
    dice: random.Random,
    row_id: int,
    *,
    number: int,
    askers: Sequence[User],
    agents: Sequence[User],
    now: datetime,
) -> dict[str, Any]:
    story, asker = dice.choice(STORIES), dice.choice(askers)
    state = TicketState.CLOSED if dice.random() < _CLOSED_SHARE else dice.choice(list(TicketState))
    created = now - timedelta(minutes=dice.randint(10, 60 * 24 * 700))
    updated = created + timedelta(minutes=dice.randint(1, 60 * 24 * 6))
    triaged = None if state is TicketState.NEW else created + timedelta(minutes=40)
    told = updated if state in {TicketState.RESOLVED, TicketState.CLOSED} else None
    return {
        "id": row_id,
        "number": number,
        "customer_id": asker.customer_id,
        "requester_id": asker.id,
        "owner_id": dice.choice(agents).id if triaged and agents else None,
        "topic": story.topic,
        "priority": dice.choices(list(Priority), weights=[1, 3, 12, 4])[0],
        "state": state,
        "subject": f"{story.subject} ({number})",
        "locale": asker.locale,
        "idempotency_key": guid(f"bulk:{number}"),
        "triaged_at": triaged,
        "answer_due_at": created + timedelta(hours=dice.randint(4, 48)),
        "first_answered_at": triaged,
        "loop_opened_at": created,
        "explained_at": told,
        "resolved_at": told,
        "closed_at": told if state is TicketState.CLOSED else None,
        "created_at": created,
        "updated_at": updated,
        "version": 1,
    }


def _messages(dice: random.Random, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """The question, a note, and answers by turns; who waits for an owner has only asked again."""
    story = dice.choice(STORIES)
    owner = ticket["owner_id"]
    texts = [story.body, story.reply, story.note, story.explanation] if owner else [story.body, story.answer]
    return [
        {
            "public_id": public_id(),
            "ticket_id": ticket["id"],
            "author_id": owner if owner and position else ticket["requester_id"],
            "kind": MessageKind.INTERNAL if owner and position == 2 else MessageKind.PUBLIC,  # noqa: PLR2004 - the third
            "body": texts[position % len(texts)] or story.body,
            "explains": position == MESSAGES - 1 and ticket["explained_at"] is not None,
            "created_at": ticket["created_at"] + timedelta(minutes=position * 35),
        }
        for position in range(MESSAGES)
    ]


def _tags(dice: random.Random) -> list[str]:
    return [dice.choice(TAGS)] if dice.random() < _TAGGED_SHARE else []


def _documents(
    tickets: Sequence[dict[str, Any]],
    customers: Mapping[int, Customer],
    messages: Mapping[int, Sequence[dict[str, Any]]],
    tags: Mapping[int, Sequence[str]],
) -> list[SearchDocument]:
    """What the search is told, exactly as of tickets that people open."""
    found: list[SearchDocument] = []
    for ticket in tickets:
        key = ticket["id"]
        said = [TicketMessage(**message) for message in messages[key]]
        found += documents_of(Ticket(**ticket), customers[ticket["customer_id"]], said, tags[key])
    return found


def _opened(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket["id"],
        "kind": EventKind.OPENED,
        "actor_id": ticket["requester_id"],
        "data": {},
        "at": ticket["created_at"],
    }


def _move_the_sequence(session: Session) -> None:
    """Move PostgreSQL's sequence past the ids given here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT max(id) FROM ticket))"))
