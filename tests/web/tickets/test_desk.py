"""What makes an agent quick: prepared answers, tags, mentions, finding, views of one's own, many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.search.contracts import LOCALES
from helpdesk.search.counts import Tally
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.indexer import entry_of
from helpdesk.search.models import IndexedDocument
from helpdesk.tickets.models import Macro, MessageKind, Priority, SavedView, TicketState, TicketToIndex, Topic
from helpdesk.tickets.queries.desk import tags_of
from helpdesk.tickets.services import add_note, reply
from helpdesk.tickets.services.desk import keep_macro, set_tags
from helpdesk.tickets.services.indexing import index_waiting_tickets
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import HOUR, closed, invoice_line, opened
from tests.web.tickets.forms import form_of, tickets
from tests.web.tickets.statements import Statements


def macro(session: Session, cast: Cast, now: datetime, **bodies: str) -> Macro:
    words = bodies or {"en": "Dear {{ requester.name }}, about {{ ticket.ref }}.", "zh-Hans": "{{requester.name}}您好"}
    return keep_macro(
        session, None, name="Greeting", bodies=words, topic=Topic.QUESTION, tag="greeted", by=cast.mei, now=now
    )


def test_a_prepared_answer_is_written_changed_and_thrown_away(tom: Browse, session: Session) -> None:
    page = tom.post("/work/macros/new", {"name": "Slip", "topic": "", "en": "Send {{ nonsense.name }}", "tag": ""})
    assert "There is no variable “nonsense.name”" in page.text
    tom.post("/work/macros/new", {"name": "Slip", "topic": "", "en": "Send {{ ticket.ref }}", "tag": "Bank Slip"})
    made = session.scalars(sa.select(Macro)).one()
    assert (made.tag, made.bodies) == ("bank-slip", {"en": "Send {{ ticket.ref }}"})

    page = tom.post(f"/work/macros/{made.public_id}", {"name": "Slip please", "topic": "", "en": "Send it", "tag": ""})
    assert "Slip please" in page.text
    page = tom.post(f"/work/macros/{made.public_id}/delete")

    assert "No prepared answers yet" in page.text


def test_nothing_goes_to_a_customer_with_a_variable_that_has_no_value(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path, left = f"/work/tickets/{ticket.ref}", "About {{ invoice.number }}."
    prepared = macro(session, cast, now, en=left)

    for data, where in (({"reply-body": left}, "reply"), ({"explanation": left, "body": left}, "resolve")):
        page = tom.post(f"{path}/{where}", form_of(tom.get(path), **data))
        assert "The variable “invoice.number” still stands in the text." in page.text
        assert left in page.text
    page = tom.post("/work/queue/bulk", {"t": [ticket.number], "macro": prepared.public_id})
    assert "The variable “invoice.number” still stands in the text." in page.text
    session.expire_all()
    assert len(ticket.messages) == 1


def test_a_promise_in_a_prepared_answer_is_written_as_the_customer_writes_dates(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.sato, now)
    prepared = macro(session, cast, now, en="By {{ answer.due }}.", ja="{{ answer.due }} まで。")
    path = f"/work/tickets/{ticket.ref}"

    page = tom.post(f"{path}/reply", form_of(tom.get(path)) | {"macro": prepared.public_id, "insert": "macro"})

    assert "2026/11/25 18:00 まで。" in page.text


def test_a_prepared_answer_is_read_before_it_is_sent(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket, prepared = opened(session, cast.wang_fang, now), macro(session, cast, now)
    path = f"/work/tickets/{ticket.ref}"
    form = form_of(tom.get(path), **{"reply-body": "Mine first."})

    page = tom.post(f"{path}/reply", form | {"macro": prepared.public_id, "insert": "macro"})
    assert "Mine first. 王芳您好" in page.text
    assert len(ticket.messages) == 1
    tom.post(f"{path}/reply", form_of(page, **{"reply-body": "王芳您好"}))

    session.expire_all()
    assert [message.body for message in ticket.messages][-1] == "王芳您好"
    assert tags_of(session, ticket.id) == ["greeted"]


def test_tags_are_put_on_and_taken_off(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    other = opened(session, cast.sato, now, subject="Not tagged")

    tom.post(f"/work/tickets/{ticket.ref}/tags", {"tags": "Proration, 对账 proration"})
    page = tom.post(f"/work/tickets/{ticket.ref}/tags", {"tags": "对账"})
    listed = tom.get("/work/queue?view=all&tag=对账")

    assert tags_of(session, ticket.id) == ["对账"]
    assert "Tags: −proration" in page.text
    assert ticket.ref in listed.text
    assert other.ref not in listed.text
    assert "at most 12 tags" in tom.post(f"/work/tickets/{ticket.ref}/tags", {"tags": " ".join("abcdefghijklm")}).text


def test_who_is_mentioned_is_told(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    add_note(session, ticket, body="@Mei please look, @tom knows; @nobody", by=cast.tom, now=now)

    told = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "ticket_mentioned")).all()
    assert [message.recipient_id for message in told] == [cast.mei.id]


@pytest.mark.parametrize("words", ["proration", "T-1001", "INV-2026-0042", "兰亭设计", "七月的金额", "internal secret"])
def test_the_queue_finds_by_every_word_of_a_ticket(
    tom: Browse, session: Session, cast: Cast, now: datetime, words: str
) -> None:
    line = invoice_line(session, cast.lanting)
    ticket = opened(session, cast.wang_fang, now, line=line)
    reply(session, ticket, body="It is the proration.", by=cast.tom, now=now + HOUR)
    add_note(session, ticket, body="An internal secret", by=cast.tom, now=now + HOUR)
    other = opened(session, cast.sato, now, subject="シートの追加", body="席を追加しました")
    index_waiting_tickets(session, now=now)
    session.flush()

    page = tom.get(f"/work/queue?view=all&q={words}")

    assert ticket.ref in page.text
    assert other.ref not in page.text
    assert session.scalars(sa.select(TicketToIndex)).all() == []


@pytest.fixture
def whoosh(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Builds an index of all documents, as the worker does."""
    index = WhooshIndex(tmp_path)
    monkeypatch.setattr("helpdesk.tickets.views.queue.get_index", lambda _settings: index)

    def build() -> None:
        tally = Tally()
        for locale in LOCALES:
            rows = session.scalars(sa.select(IndexedDocument).where(IndexedDocument.locale == locale)).all()
            for row in rows:
                tally.add(row, entry_of(row))
            index.rebuild(session, locale, map(entry_of, rows))
        tally.store(session)

    return build


@pytest.mark.parametrize(("words", "most"), [("refund", 8), ("refun", 10), ("lanting", 10)])
def test_a_search_needs_few_statements(  # noqa: PLR0917 - the fixtures and the case
    app: Flask,
    tom: Browse,
    session: Session,
    cast: Cast,
    now: datetime,
    whoosh: Callable[[], None],
    words: str,
    most: int,
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    reply(session, ticket, body="It is a refund.", by=cast.tom, now=now + HOUR)
    index_waiting_tickets(session, now=now)
    session.flush()
    whoosh()

    with Statements(app) as statements:
        page = tom.get(f"/work/queue?view=all&q={words}")

    assert ticket.ref in page.text
    assert len(statements.sent) <= most, "\n".join(statements.sent)


def test_similar_tickets_and_articles_stand_beside(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    other = opened(session, cast.li_na, now)
    index_waiting_tickets(session, now=now)
    session.flush()

    assert f"{other.ref} {other.subject}" in tom.get(f"/work/tickets/{ticket.ref}/similar").text


def test_a_view_is_an_address_that_the_team_may_share(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now, subject="Fapiao please", topic=Topic.FAPIAO)
    query = "view=all&topic=fapiao"
    page = tom.get(f"/work/queue?{query}&evil=1")

    page = tom.post("/work/queue/views", form_of(page, name="Fapiao", shared="y"))
    assert "Fapiao" in page.text
    view = session.scalars(sa.select(SavedView)).one()
    assert view.query == query

    tom.sign_in(cast.mei)
    assert "Fapiao Tom Becker" in tom.get("/work/queue").text
    assert tom.client.post(f"/work/queue/views/{view.public_id}/delete").status_code == 404
    tom.sign_in(cast.tom).post(f"/work/queue/views/{view.public_id}/delete")
    assert session.scalars(sa.select(SavedView)).all() == []


def test_a_view_is_renamed_shared_and_kept_to_oneself_again(tom: Browse, session: Session, cast: Cast) -> None:
    for query, name in (("view=all&topic=fapiao", "Fapiao"), ("view=all&locale=ja", "日本語")):
        tom.post("/work/queue/views", form_of(tom.get(f"/work/queue?{query}"), name=name))
    view = session.scalars(sa.select(SavedView).where(SavedView.name == "Fapiao")).one()
    address, shown = f"/work/queue/views/{view.public_id}", f"/work/queue?{view.query}"

    page = tom.post(address, form_of(tom.get(shown), name="Fapiao of all", shared="y"))
    assert "The whole team sees this view now." in page.text
    assert [field.get("value") for field in page.all("input", name="name")] == ["Fapiao of all"]
    assert "Fapiao of all Tom Becker" in tom.sign_in(cast.mei).get("/work/queue").text
    assert "Rename, share or throw this view away" not in tom.get(shown).text
    assert tom.client.post(address, data={"name": "Mine"}).status_code == 404

    page = tom.sign_in(cast.tom).post(address, form_of(tom.get(shown), name="Fapiao"))
    assert "Only you see this view now." in page.text
    assert "Fapiao of all" not in tom.sign_in(cast.mei).get("/work/queue").text
    tom.sign_in(cast.tom)
    assert "another view of that name" in tom.post(address, form_of(tom.get(shown), name="日本語")).text
    assert "Give the view a name" in tom.post(address, form_of(tom.get(shown), name=" ")).text
    session.expire_all()
    assert (view.name, view.shared) == ("Fapiao", False)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("locale=ja", "sato"), ("disputed=100", "disputed"), ("disputed=111", ""), ("vnet=never&locale=ja", "sato"),
        ("vnet=now", ""), ("days=30", ""), ("sort=priority&locale=ja", "sato"), ("sort=age&disputed=1", "disputed"),
    ],
)  # fmt: skip
def test_the_filter_bar_narrows(  # noqa: PLR0917 - the fixtures and the case
    tom: Browse, session: Session, cast: Cast, now: datetime, query: str, found: str
) -> None:
    opened(session, cast.sato, now, subject="of sato")
    line = invoice_line(session, cast.lanting)
    opened(session, cast.wang_fang, now, subject="is disputed", topic=Topic.DISPUTE, line=line)

    page = tom.get(f"/work/queue?view=all&{query}")

    rows = [field["value"] for field in page.all("input", name="t")]
    assert rows == {"sato": ["1001"], "disputed": ["1002"], "": []}[found]


def test_many_are_changed_after_a_look_at_what_will_change(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.sato, now)
    done = closed(session, cast, now)
    chosen = {"t": [first.number, second.number, done.number, 9999], "owner": cast.mei.public_id, "priority": "urgent"}
    chosen |= {"add_tags": "batch", "macro": macro(session, cast, now, en="Dear {{ requester.name }}").public_id}

    page = tom.post("/work/queue/bulk", chosen)
    assert "2 tickets will change" in page.text
    assert "Owner: none Mei Lin" in page.text
    assert "Tags: none batch, greeted" in page.text
    assert "Dear 佐藤 健" in page.text
    assert f"{done.ref} {done.subject} This ticket is closed." in page.text
    assert "T-9999 There is no such ticket, or it is not for you." in page.text
    session.expire_all()
    assert (first.owner, len(first.messages)) == (None, 1)

    page = tom.post("/work/queue/bulk", form_of(page, **(chosen | {"do_it": "1"})))

    session.expire_all()
    assert "2 tickets were changed" in page.text
    assert (first.owner, first.priority, first.state) == (cast.mei, Priority.URGENT, TicketState.WAITING_CUSTOMER)
    assert [message.body for message in second.messages][-1] == "Dear 佐藤 健"
    assert tags_of(session, second.id) == ["batch", "greeted"]


def test_many_are_resolved_only_with_words_and_decided_disputes(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    line = invoice_line(session, cast.lanting)
    plain = opened(session, cast.sato, now)
    disputed = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)
    chosen = {"t": [plain.number, disputed.number], "state": "resolved"}

    assert "Tell the customer what was done" in tom.post("/work/queue/bulk", chosen).text
    explained = chosen | {"macro": macro(session, cast, now, en="It was prorated.").public_id, "do_it": "1"}
    page = tom.post("/work/queue/bulk", explained)

    session.expire_all()
    assert "Say what becomes of the disputed charge" in page.text
    assert (plain.state, disputed.state) == (TicketState.RESOLVED, TicketState.NEW)


def test_a_change_of_many_goes_back_to_its_view_with_what_was_ticked_and_typed(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.li_na, now)
    view = "view=all&sort=age"
    form = form_of(tom.get(f"/work/queue?{view}"), t=[first.number])

    page = tom.post("/work/queue/bulk", form)
    assert [field["value"] for field in page.all("input", name="t") if "checked" in field] == [str(first.number)]
    assert page.all("input", name="from", value=view)
    tags = ", ".join("abcdefghijklm")
    page = tom.post("/work/queue/bulk", form | {"add_tags": tags, "priority": "urgent"})
    assert "at most 12 tags" in page.text
    assert page.all("input", name="add_tags", value=tags)
    page = tom.post("/work/queue/bulk", form | {"priority": "urgent"})
    page = tom.post("/work/queue/bulk", form_of(page, t=[first.number], do_it="1"))

    assert page.all("a", href=f"/work/queue?{view}")
    session.expire_all()
    assert (first.priority, second.priority) == (Priority.URGENT, Priority.NORMAL)


def test_a_change_that_is_none_is_said(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    set_tags(session, ticket, tags=["x"], by=cast.tom, now=now)

    assert "it is so already" in tom.post("/work/queue/bulk", {"t": [ticket.number], "add_tags": "x"}).text
    assert "Choose tickets, and what shall change." in tom.post("/work/queue/bulk", {"t": [ticket.number]}).text
    assert "Choose tickets, and what shall change." in tom.post("/work/queue/bulk", {"priority": "low"}).text


@pytest.mark.parametrize("path", ["queue/bulk", "queue/views", "macros/new", "tickets/T-1001/tags"])
def test_customers_and_editors_stay_out(browse: Browse, session: Session, cast: Cast, now: datetime, path: str) -> None:
    opened(session, cast.wang_fang, now)

    for person in (cast.wang_fang, cast.emma):
        assert browse.sign_in(person).client.post(f"/work/{path}", data={}).status_code == 403


def test_the_queue_stays_cheap_with_all_that(
    app: Flask, tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    for _ in range(20):
        opened(session, cast.wang_fang, now)
    macro(session, cast, now)

    with Statements(app) as statements:
        tom.get("/work/queue?view=all&sort=priority")

    assert len(statements.sent) <= 6
    assert {message.kind for ticket in tickets(session) for message in ticket.messages} == {MessageKind.PUBLIC}


def test_tickets_are_joined_and_parted_through_the_page(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.li_na, now)
    path = f"/work/tickets/{second.ref}"

    assert "There is no ticket with that number." in tom.post(f"{path}/join", {"other": "T-9"}).text
    assert "cannot be joined with itself" in tom.post(f"{path}/join", {"other": second.ref, "merge": "1"}).text
    page = tom.post(f"{path}/join", {"other": first.ref, "merge": "1"})
    assert "was merged into this ticket" in page.text
    assert f"Merged with {second.ref}." in page.text
    page = tom.post(f"{path}/part")

    assert "The merge is taken back." in page.text
    assert tom.client.post(f"{path}/presence", data={"writing": "1"}).json == {"here": []}


def test_a_message_is_split_off_through_the_page(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    said = reply(session, ticket, body="Something else", by=cast.wang_fang, now=now + HOUR)

    page = tom.post(f"/work/tickets/{ticket.ref}/split", {"message": said.public_id})

    assert "this ticket was split off it" in page.text
    assert tom.client.post(f"/work/tickets/{ticket.ref}/split", data={"message": "foreign"}).status_code == 404


def test_too_late_to_reopen_means_a_linked_new_ticket(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    old = closed(session, cast, now)
    page = wang.get(f"/tickets/new?topic=question&follows={old.ref}")

    page = wang.post("/tickets/new", form_of(page, subject="Again", body="It is back"))

    assert "We have your ticket" in page.text
    assert "this ticket follows it" in wang.sign_in(cast.tom).get("/work/tickets/T-1002").text
