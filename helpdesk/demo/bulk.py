"""Many generated tickets, quickly: rows in batches, for measuring and for trying a full queue."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.db import public_id
from helpdesk.demo.people import guid
from helpdesk.demo.stories import STORIES
from helpdesk.permissions import CUSTOMER_ROLES, Role
from helpdesk.tickets.models import EventKind, MessageKind, Priority, Ticket, TicketEvent, TicketMessage, TicketState

BATCH: Final = 2000
MESSAGES: Final = 4
"""Messages a ticket."""
_CLOSED_SHARE: Final = 0.85


def add_tickets(session: Session, count: int, *, now: datetime) -> int:
    """Add `count` tickets with their messages to the customers that there are; says how many were made."""
    dice = random.Random(7)  # noqa: S311 - not a secret
    askers = session.scalars(select(User).where(User.role.in_(CUSTOMER_ROLES)).order_by(User.id)).all()
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
        session.execute(insert(Ticket), tickets)
        session.execute(insert(TicketMessage), [message for ticket in tickets for message in _messages(dice, ticket)])
        session.execute(insert(TicketEvent), [_opened(ticket) for ticket in tickets])
    _let_the_database_know(session)
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
    """The question, and answers by turns; every fourth is an internal note."""
    story = dice.choice(STORIES)
    texts = [story.body, story.reply or story.body, story.note or story.body, story.explanation or story.body]
    staff = ticket["owner_id"] or ticket["requester_id"]
    return [
        {
            "public_id": public_id(),
            "ticket_id": ticket["id"],
            "author_id": ticket["requester_id"] if position == 0 else staff,
            "kind": MessageKind.INTERNAL if position == 2 else MessageKind.PUBLIC,  # noqa: PLR2004 - the third
            "body": texts[position % len(texts)],
            "explains": position == MESSAGES - 1 and ticket["explained_at"] is not None,
            "created_at": ticket["created_at"] + timedelta(minutes=position * 35),
        }
        for position in range(MESSAGES if ticket["owner_id"] else 1)
    ]


def _opened(ticket: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": ticket["id"],
        "kind": EventKind.OPENED,
        "actor_id": ticket["requester_id"],
        "data": {},
        "at": ticket["created_at"],
    }


def _let_the_database_know(session: Session) -> None:
    """Move PostgreSQL's sequence past the ids given here, and let either planner see the new sizes."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT max(id) FROM ticket))"))
    session.execute(sa.text("ANALYZE"))
