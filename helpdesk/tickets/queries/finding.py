"""Finding tickets by their words, in all three languages, through the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.rules import audiences_of
from helpdesk.search.answer import search
from helpdesk.search.contracts import LOCALES, SearchHit, SearchQuery
from helpdesk.search.ports import SearchIndex
from helpdesk.tickets.models import Ticket, TicketState
from helpdesk.tickets.queries.visible import tickets_visible_to

_FOUND_MAX: Final = 100
_ALIKE: Final = 5
_STAFF: Final = frozenset({"staff"})
_KIND: Final = "ticket"


def ticket_ids_about(session: Session, text: str, *, index: SearchIndex | None) -> list[int]:
    """Tickets whose subject, messages, references, customer or invoice number hold the words, in any language."""
    hits = [hit for locale in LOCALES for hit in _hits(session, text, locale, index, limit=_FOUND_MAX)]
    hits.sort(key=lambda hit: -hit.score)
    return list(dict.fromkeys(hit.object_id for hit in hits))[: 2 * _FOUND_MAX]


def _hits(session: Session, text: str, locale: str, index: SearchIndex | None, *, limit: int) -> tuple[SearchHit, ...]:
    query = SearchQuery(
        text=text, locale=locale, kind=_KIND, audiences=_STAFF, limit=limit, exact=True, other_languages=False
    )
    return search(session, query, index=index).hits


@dataclass(frozen=True, slots=True)
class Alike:
    """A ticket that is much like another."""

    number: int
    subject: str
    customer: str
    state: TicketState

    @property
    def ref(self) -> str:
        """The reference people say aloud."""
        return f"T-{self.number}"


def tickets_alike(session: Session, user: User, ticket: Ticket, *, index: SearchIndex | None) -> list[Alike]:
    """Other tickets in the same language about the same words, likeliest first."""
    hits = _hits(session, ticket.subject, ticket.locale, index, limit=_ALIKE + 1)
    ids = [hit.object_id for hit in hits if hit.object_id != ticket.id][:_ALIKE]
    if not ids:
        return []
    statement = tickets_visible_to(user).where(Ticket.id.in_(ids)).options(sa.orm.joinedload(Ticket.customer))
    found = {each.id: each for each in session.scalars(statement)}
    return [
        Alike(each.number, each.subject, each.customer.name, each.state)
        for each in (found[one] for one in ids if one in found)
    ]


def articles_for(session: Session, ticket: Ticket, *, index: SearchIndex | None, text: str = "") -> list[SearchHit]:
    """Articles that the customer may read, in the customer's language, about the ticket's words or `text`."""
    query = SearchQuery(
        text=text or ticket.subject,
        locale=ticket.locale if ticket.locale in LOCALES else "en",
        audiences=audiences_of(ticket.requester.role),
        limit=_ALIKE,
    )
    answer = search(session, query, index=index)
    return [*answer.hits, *answer.other_languages][:_ALIKE]
