"""Who may see which ticket, message and file."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import (
    PortalFilter,
    QueueFilter,
    QueueView,
    attachment_visible,
    messages_visible_to,
    portal_page,
    queue_counts,
    queue_page,
    tickets_visible_to,
    visible_ticket,
)
from helpdesk.tickets.queries.finding import own_ticket_ids_about
from helpdesk.tickets.queries.keyset import Key, read_key
from helpdesk.tickets.services import add_note, assign, copy_in
from helpdesk.tickets.services.indexing import index_waiting_tickets
from tests.cast import Cast
from tests.unit.tickets.scenes import HOUR, answered, closed, opened, resolved, slip, with_21vianet


def seen_by(session: Session, person: User) -> set[int]:
    return {ticket.number for ticket in session.scalars(tickets_visible_to(person))}


def test_everyone_sees_what_is_theirs(session: Session, cast: Cast, now: datetime) -> None:
    of_wang = opened(session, cast.wang_fang, now).number
    of_li = opened(session, cast.li_na, now).number
    of_sato = opened(session, cast.sato, now).number

    assert seen_by(session, cast.wang_fang) == {of_wang, of_li}
    assert seen_by(session, cast.li_na) == {of_li}
    assert seen_by(session, cast.sato) == {of_sato}
    assert seen_by(session, cast.emma) == set()
    for person in (cast.tom, cast.mei, cast.root):
        assert seen_by(session, person) == {of_wang, of_li, of_sato}


def test_who_is_copied_in_sees_the_ticket(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    assert visible_ticket(session, cast.li_na, ticket.number) is None
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
    assert visible_ticket(session, cast.li_na, ticket.number) is ticket


def test_internal_notes_and_their_files_are_for_us_alone(session: Session, cast: Cast, now: datetime) -> None:
    files, store = slip()
    ticket = opened(session, cast.wang_fang, now)
    note = add_note(session, ticket, body="Secret", by=cast.tom, now=now, files=files, store=store)
    file = note.attachments[0].public_id

    assert [message.body for message in messages_visible_to(session, cast.wang_fang, ticket)] == [
        "为什么七月的金额比上月多？"
    ]
    assert attachment_visible(session, cast.wang_fang, file) is None
    assert attachment_visible(session, cast.tom, file) is not None


def test_a_file_follows_its_ticket(session: Session, cast: Cast, now: datetime) -> None:
    files, store = slip()
    ticket = opened(session, cast.wang_fang, now, files=files, store=store)
    file = ticket.messages[0].attachments[0].public_id

    assert attachment_visible(session, cast.wang_fang, file) is not None
    for person in (cast.li_na, cast.sato, cast.emma):
        assert attachment_visible(session, person, file) is None


def test_a_search_does_not_find_by_internal_notes_or_foreign_tickets(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    add_note(session, ticket, body="kanarienvogel", by=cast.tom, now=now)
    index_waiting_tickets(session, now=now)
    session.flush()

    def found(person: User, text: str) -> list[Ticket]:
        ids = own_ticket_ids_about(session, person, text, index=None)
        return list(portal_page(session, person, chosen=PortalFilter.ALL, text=text, found=ids).rows)

    assert found(cast.wang_fang, "kanarienvogel") == []
    assert found(cast.wang_fang, "七月的金额") == [ticket]
    assert found(cast.wang_fang, ticket.ref) == [ticket]
    assert [found(person, "七月的金额") for person in (cast.li_na, cast.sato)] == [[], []]


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", "T-", "T-9999999999999"])
def test_a_search_takes_every_character_as_it_is(session: Session, cast: Cast, now: datetime, text: str) -> None:
    opened(session, cast.wang_fang, now)

    assert not portal_page(session, cast.wang_fang, chosen=PortalFilter.ALL, text=text)
    assert not queue_page(session, cast.tom, QueueFilter(view=QueueView.ALL, text=text), now=now)


def test_the_customer_filters_by_whose_turn_it_is(session: Session, cast: Cast, now: datetime) -> None:
    new = opened(session, cast.wang_fang, now)
    waiting, done, over = answered(session, cast, now), resolved(session, cast, now), closed(session, cast, now)

    def found(chosen: PortalFilter) -> set[int]:
        return {ticket.number for ticket in portal_page(session, cast.wang_fang, chosen=chosen).rows}

    assert found(PortalFilter.YOUR_TURN) == {waiting.number, done.number}
    assert found(PortalFilter.CLOSED) == {over.number}
    assert found(PortalFilter.OPEN) == {new.number, waiting.number, done.number}


def test_the_list_goes_on_where_it_stopped(session: Session, cast: Cast, now: datetime) -> None:
    numbers = [opened(session, cast.wang_fang, now + step * HOUR / 60).number for step in range(45)]

    seen: list[int] = []
    after: str | None = None
    while True:
        page = portal_page(session, cast.wang_fang, chosen=PortalFilter.ALL, after=after)
        seen += [ticket.number for ticket in page.rows]
        after = page.next_key
        if after is None:
            break

    assert seen == numbers[::-1]


def test_each_view_of_the_queue_holds_its_tickets(session: Session, cast: Cast, now: datetime) -> None:
    mine = opened(session, cast.wang_fang, now)
    assign(session, mine, owner=cast.tom, by=cast.tom, now=now)
    fresh = opened(session, cast.sato, now)
    vianet, done, over = with_21vianet(session, cast, now), resolved(session, cast, now), closed(session, cast, now)

    def found(view: QueueView) -> set[int]:
        return {row.number for row in queue_page(session, cast.tom, QueueFilter(view=view), now=now).rows}

    assert found(QueueView.MINE) == {mine.number, done.number}
    assert found(QueueView.UNASSIGNED) == {fresh.number, vianet.number}
    assert found(QueueView.NEW) == {fresh.number}
    assert found(QueueView.VNET) == {vianet.number}
    assert found(QueueView.UNCONFIRMED) == {done.number}
    assert found(QueueView.ALL) == {mine.number, fresh.number, vianet.number, done.number, over.number}
    counts = queue_counts(session, cast.tom, now=now)
    assert all(counts.get(view, 0) == len(found(view)) for view in QueueView if view is not QueueView.ALL)


@pytest.mark.parametrize("sort", ["clock", "updated"])
def test_the_queue_goes_on_where_it_stopped(session: Session, cast: Cast, now: datetime, sort: str) -> None:
    from helpdesk.tickets.queries import QueueSort

    chosen = QueueFilter(view=QueueView.ALL, sort=QueueSort(sort))
    for step in range(60):
        opened(session, cast.wang_fang, now + step * HOUR / 60)
    for _step in range(3):
        answered(session, cast, now)

    first = queue_page(session, cast.tom, chosen, now=now)
    second = queue_page(session, cast.tom, chosen, after=first.next_key, now=now)

    numbers = [row.number for row in [*first.rows, *second.rows]]
    assert (len(first.rows), len(numbers), len(set(numbers))) == (50, 63, 63)
    assert second.next_key is None


def test_the_queue_shows_running_clocks_first(session: Session, cast: Cast, now: datetime) -> None:
    paused = answered(session, cast, now - HOUR)
    later, sooner = opened(session, cast.wang_fang, now + HOUR), opened(session, cast.sato, now)

    rows = queue_page(session, cast.tom, QueueFilter(view=QueueView.ALL), now=now).rows

    assert [row.number for row in rows] == [sooner.number, later.number, paused.number]


def test_the_queue_is_found_by_customer_subject_and_number(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.sato, now, subject="請求書の金額")

    for text in ("さくら", "sakura.partner", "請求書", ticket.ref, str(ticket.number)):
        rows = queue_page(session, cast.tom, QueueFilter(view=QueueView.ALL, text=text), now=now).rows
        assert [row.number for row in rows] == [ticket.number], text


@pytest.mark.parametrize(
    "text", ["", "1", "a-b-c", "0-1-2-3", "9-9-9" * 20, "-1-1-1", "0-99999999999999999-1", "٠-١-٢"]
)
def test_a_bent_key_is_the_first_page(session: Session, cast: Cast, now: datetime, text: str) -> None:
    opened(session, cast.wang_fang, now)
    key = read_key(text)

    assert key is None or isinstance(key, Key)
    queue_page(session, cast.tom, QueueFilter(view=QueueView.ALL), after=text, now=now)
    assert portal_page(session, cast.wang_fang, chosen=PortalFilter.ALL, after=text if key is None else None)
