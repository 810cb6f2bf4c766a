"""What stands around the queue's table, read in one statement that is built once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.queries.proofs import counted_waiting
from helpdesk.tickets.models import Macro, SavedView, TicketTag
from helpdesk.tickets.queries.beside import Offered
from helpdesk.tickets.queries.filtering import customers_like, pattern_of

_TAGS_SHOWN: Final = 60
_CUSTOMERS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; `shared` with the team."""

    id: int
    public_id: str
    name: str
    query: str
    owner_id: int
    owner: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Beside and above the table."""

    views: list[View]
    """A person's own, then those that colleagues share, each by name."""
    macros: list[Offered]
    """By name."""
    tags: list[str]
    """The first there are, by alphabet."""
    proofs: int
    """Bank slips that somebody is to look at."""
    customers: list[int]
    """Ids of customers with the words asked for in their name or domain."""


_VIEW, _SHARED, _MACRO, _TAG, _PROOFS, _CUSTOMER = range(6)


def around_queue(session: Session, user: User, *, named: str = "") -> Around:
    """All of it; customers only where words are `named`."""
    values = {"user": user.id, "named": pattern_of(named)} if named else {"user": user.id}
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for kind, *row in session.execute(_statement(with_customers=bool(named)), values):
        found[kind].append(row)
    views = [View(*[*row, kind == _SHARED]) for kind in (_VIEW, _SHARED) for row in found[kind]]
    return Around(
        views=sorted(views, key=lambda view: (view.owner_id != user.id, view.name, view.id)),
        macros=sorted((Offered(row[1], row[2]) for row in found[_MACRO]), key=attrgetter("name")),
        tags=sorted(row[2] for row in found[_TAG]),
        proofs=found[_PROOFS][0][0],
        customers=[row[0] for row in found[_CUSTOMER]],
    )


@cache
def _statement(*, with_customers: bool) -> sa.CompoundSelect[Any]:
    """Kind, number, key, name, address, whose and by whom of each; building it takes longer than asking."""
    view, tags = SavedView, _tags_in_use()
    kind = sa.case((view.shared, _SHARED), else_=_VIEW)
    parts = [
        sa.select(kind, view.id, view.public_id, view.name, view.query, view.owner_id, User.name)
        .join(User, User.id == view.owner_id)
        .where(sa.or_(view.owner_id == sa.bindparam("user", type_=sa.Integer()), view.shared)),
        _part(_MACRO, key=Macro.public_id, name=Macro.name),
        _part(_TAG, name=tags.c.tag),
        _part(_PROOFS, number=counted_waiting().scalar_subquery()),
    ]
    if with_customers:
        customers = customers_like(sa.bindparam("named", type_=sa.String())).limit(_CUSTOMERS_MAX).subquery()
        parts.append(_part(_CUSTOMER, number=customers.c.id))
    return sa.union_all(*parts)


def _part(kind: int, *, number: Any = None, key: Any = None, name: Any = None) -> sa.Select[Any]:  # noqa: ANN401 - columns
    nothing, none = sa.literal_column("''", sa.String), sa.literal_column("0", sa.Integer)
    return sa.select(
        sa.literal_column(str(kind), sa.Integer),
        none if number is None else number,
        nothing if key is None else key,
        nothing if name is None else name,
        nothing,
        none,
        nothing,
    )


def _tags_in_use() -> sa.Subquery:
    """Each tag once, found by walking the index from tag to tag: a plain DISTINCT reads every row of it."""
    walk = sa.select(sa.func.min(TicketTag.tag).label("tag")).cte("walk", recursive=True)
    following = sa.select(sa.func.min(TicketTag.tag)).where(TicketTag.tag > walk.c.tag).scalar_subquery()
    walk = walk.union_all(sa.select(following).where(walk.c.tag.is_not(None)))
    return sa.select(walk.c.tag).where(walk.c.tag.is_not(None)).limit(_TAGS_SHOWN).subquery()
