"""Finding tickets by their words, in all three languages, through the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.rules import audiences_of
from helpdesk.search.answer import search
from helpdesk.search.contracts import LOCALES, SearchHit, SearchQuery
from helpdesk.search.listing import found_objects
from helpdesk.search.ports import SearchIndex
from helpdesk.tickets.models import Ticket, TicketState
from helpdesk.tickets.queries.filtering import Found
from helpdesk.tickets.queries.portal import number_in
from helpdesk.tickets.queries.visible import tickets_visible_to
from helpdesk.tickets.rules.found import PORTAL_KIND, STAFF_AUDIENCE, STAFF_KIND, audience_of

_FOUND_MAX: Final = 100
_ALIKE: Final = 5


def found_for(session: Session, text: str, *, customers: Sequence[int], index: SearchIndex | None) -> Found | None:
    """What the queue shows for `text`; None for a reference, which needs no search.

    The `customers` of that name are looked up first: a statement over tickets that may be theirs or found reads all.
    """
    return Found(ticket_ids_about(session, text, index=index), customers) if asks_words(text) else None


def asks_words(text: str) -> bool:
    """Whether `text` is something to search for, and not a reference or nothing."""
    return bool(text) and number_in(text) is None


def ticket_ids_about(session: Session, text: str, *, index: SearchIndex | None) -> sa.Select[int]:
    """Tickets whose subject, messages, references, customer or invoice number hold the words, in any language."""
    return _ids(session, text, STAFF_KIND, STAFF_AUDIENCE, index)


def own_ticket_ids_about(session: Session, user: User, text: str, *, index: SearchIndex | None) -> sa.Select[int]:
    """The same for a customer: only what the organisation's tickets say to it, never an internal note or a tag.

    Which of them this person may see is for `tickets_visible_to` to say.
    """
    if user.customer_id is None:
        return sa.select(Ticket.id).where(sa.false())
    return _ids(session, text, PORTAL_KIND, audience_of(user.customer_id), index)


def _ids(session: Session, text: str, kind: str, audience: str, index: SearchIndex | None) -> sa.Select[int]:
    query = SearchQuery(text=text, locale="en", kind=kind, audiences=frozenset({audience}), limit=2 * _FOUND_MAX)
    return found_objects(session, query, locales=LOCALES, index=index)


def _hits(session: Session, text: str, locale: str, index: SearchIndex | None, *, limit: int) -> tuple[SearchHit, ...]:
    query = SearchQuery(
        text=text,
        locale=locale,
        kind=STAFF_KIND,
        audiences=frozenset({STAFF_AUDIENCE}),
        limit=limit,
        exact=True,
        other_languages=False,
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
