"""The agents' queue and triage, through the pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.tickets.models import Priority, TicketState, Topic
from helpdesk.tickets.services import reply
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import answered, invoice_line, opened
from tests.web.tickets.forms import form_of
from tests.web.tickets.statements import Statements


def test_the_queue_says_what_each_view_holds(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now, subject="Fresh one")
    ticket = answered(session, cast, now)

    page = tom.get("/work/queue?view=unassigned")
    assert "Fresh one" in page.text
    assert ticket.ref not in page.text
    assert "Unassigned 1" in page.text
    assert "Mine 1" in page.text


@pytest.mark.parametrize(("locale", "words"), [("en", "just now"), ("zh-Hans", "刚刚"), ("ja", "たった今")])
def test_the_queue_says_of_what_just_changed_that_it_did(
    browse: Browse, session: Session, cast: Cast, locale: str, words: str
) -> None:
    cast.tom.locale = locale
    opened(session, cast.wang_fang, utc_now())

    assert words in browse.sign_in(cast.tom).get("/work/queue?view=all").text


def test_an_empty_view_teaches(tom: Browse) -> None:
    assert "Nothing here" in tom.get("/work/queue").text
    assert "No ticket matches" in tom.get("/work/queue?view=all&q=nothing").text


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense",
        "state=x&topic=y&priority=z&sort=w",
        "owner=DROP",
        "owner=99999999999999999999",
        "after=bent",
        "q=%00%25_",
    ],
)
def test_a_bent_filter_is_no_filter(tom: Browse, session: Session, cast: Cast, now: datetime, query: str) -> None:
    opened(session, cast.wang_fang, now)

    tom.get(f"/work/queue?{query}")


@pytest.mark.parametrize("sort", ["clock", "priority", "age", "updated"])
def test_the_queue_needs_few_statements_at_any_size(  # noqa: PLR0917 - the fixtures and the case
    app: Flask, tom: Browse, session: Session, cast: Cast, now: datetime, sort: str
) -> None:
    for turn in range(60):
        opened(session, cast.wang_fang if turn % 2 else cast.sato, now)

    with Statements(app) as statements:
        page = tom.get(f"/work/queue?view=all&topic=question&sort={sort}")

    assert len([row for row in page.all("tr") if "data-url" in row]) == 50
    assert len(statements.sent) <= 6


@pytest.mark.parametrize("sort", ["clock", "priority", "age", "updated"])
def test_following_pages_show_every_ticket_once(
    tom: Browse, session: Session, cast: Cast, now: datetime, sort: str
) -> None:
    for turn in range(60):
        opened(session, cast.wang_fang, now).priority = list(Priority)[turn % 4]
    session.flush()

    first = tom.get(f"/work/queue?view=all&sort={sort}")
    (more,) = {link["href"] for link in first.all("a") if "after=" in link.get("href", "")}
    second = tom.get(more)

    shown = [row["data-url"] for page in (first, second) for row in page.all("tr") if "data-url" in row]
    assert (len(shown), len(set(shown))) == (60, 60)


def test_the_ticket_page_needs_few_statements_at_any_length(
    app: Flask, tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=invoice_line(session, cast.lanting))
    for turn in range(10):
        reply(session, ticket, body="Words", by=cast.tom if turn % 2 else cast.wang_fang, now=now)
    session.flush()
    session.expunge_all()

    with Statements(app) as statements:
        tom.get(f"/work/tickets/T-{1001}")

    assert len(statements.sent) <= 12, "\n".join(statements.sent)


def test_triage_sets_topic_priority_and_owner(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = tom.post(
        f"/work/tickets/{ticket.ref}/triage",
        {"topic": "refund", "priority": "urgent", "owner": cast.mei.public_id},
    )

    session.refresh(ticket)
    assert (ticket.topic, ticket.priority, ticket.owner) == (Topic.REFUND, Priority.URGENT, cast.mei)
    assert "Owner: nobody to Mei Lin" in page.text


@pytest.mark.parametrize("change", [{"owner": "stranger"}, {"priority": "now"}, {"topic": ""}])
def test_a_bent_triage_is_refused(
    tom: Browse, session: Session, cast: Cast, now: datetime, change: dict[str, str]
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    good = {"topic": "refund", "priority": "urgent", "owner": cast.mei.public_id}

    page = tom.post(f"/work/tickets/{ticket.ref}/triage", good | change)

    session.refresh(ticket)
    assert "Choose one of the list." in page.text
    assert ticket.topic is Topic.QUESTION


def test_a_customer_cannot_be_made_owner(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    for person, owner in ((cast.li_na, None), (cast.mei, cast.mei)):
        tom.post(
            f"/work/tickets/{ticket.ref}/triage", {"topic": "refund", "priority": "low", "owner": person.public_id}
        )
        session.refresh(ticket)
        assert ticket.owner is owner


def test_an_agent_takes_a_ticket(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = tom.post(f"/work/tickets/{ticket.ref}/take")

    session.refresh(ticket)
    assert ticket.owner is cast.tom
    assert "T-1001 is yours." in page.text


def test_ones_own_triage_does_not_stop_ones_reply(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"reply-body": "My reply"})
    tom.post(f"/work/tickets/{ticket.ref}/triage", {"topic": "refund", "priority": "low", "owner": ""})

    tom.post(f"/work/tickets/{ticket.ref}/reply", form)

    session.refresh(ticket)
    assert ticket.state is TicketState.WAITING_CUSTOMER


@pytest.mark.parametrize("who", ["wang_fang", "li_na", "emma"])
def test_only_who_works_on_tickets_comes_in(
    browse: Browse, session: Session, cast: Cast, now: datetime, who: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    browse.sign_in(getattr(cast, who))

    for path in ("queue", f"tickets/{ticket.ref}", f"tickets/{ticket.ref}/resolve", f"tickets/{ticket.ref}/reply"):
        assert browse.client.get(f"/work/{path}").status_code == 403
    for path in ("take", "triage", "reply", "note", "resolve"):
        assert browse.client.post(f"/work/tickets/{ticket.ref}/{path}", data={}).status_code == 403


def test_an_unknown_ticket_does_not_exist(tom: Browse, client: FlaskClient) -> None:
    tom.get("/work/tickets/T-9999", status=404)
    for path in ("take", "triage", "reply", "note", "resolve"):
        assert client.post(f"/work/tickets/T-9999/{path}", data={}).status_code == 404
