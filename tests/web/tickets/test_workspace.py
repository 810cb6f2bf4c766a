"""The agents' side of a ticket, through the pages."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState
from helpdesk.extensions import db
from helpdesk.tickets.models import MessageKind, Priority, TicketMessage, TicketState, Topic
from helpdesk.tickets.services import reply
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import HOUR, answered, closed, invoice_line, opened, resolved, with_21vianet
from tests.web.tickets.test_portal import form_of


@pytest.fixture
def tom(browse: Browse, cast: Cast) -> Browse:
    """The site as Tom uses it."""
    return browse.sign_in(cast.tom)


class Statements:
    """Counts what is sent to the database."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.engine = db.engine
        self.sent: list[str] = []

    def __enter__(self) -> Statements:
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_exception: object) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
            self.sent.append(statement)


def test_the_queue_says_what_each_view_holds(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now, subject="Fresh one")
    ticket = answered(session, cast, now)

    page = tom.get("/work/queue?view=unassigned")
    assert "Fresh one" in page.text
    assert ticket.ref not in page.text
    assert "Unassigned 1" in page.text
    assert "Mine 1" in page.text


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


def test_the_queue_needs_few_statements_at_any_size(
    app: Flask, tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    for turn in range(60):
        opened(session, cast.wang_fang if turn % 2 else cast.sato, now)

    with Statements(app) as statements:
        page = tom.get("/work/queue?view=all&topic=question")

    assert len([row for row in page.all("tr") if "data-url" in row]) == 50
    assert len(statements.sent) <= 8


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

    tom.post(
        f"/work/tickets/{ticket.ref}/triage", {"topic": "refund", "priority": "low", "owner": cast.li_na.public_id}
    )

    session.refresh(ticket)
    assert ticket.owner is None


def test_an_agent_takes_a_ticket(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = tom.post(f"/work/tickets/{ticket.ref}/take")

    session.refresh(ticket)
    assert ticket.owner is cast.tom
    assert "T-1001 is yours." in page.text


def test_a_reply_and_a_note_are_plainly_different(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    page = tom.get(f"/work/tickets/{ticket.ref}")

    tom.post(f"/work/tickets/{ticket.ref}/note", {"note-body": "For us", "note-files": (io.BytesIO(pdf()), "n.pdf")})
    page = tom.post(f"/work/tickets/{ticket.ref}/reply", form_of(page, **{"reply-body": "For her"}))

    kinds = {message.body: message.kind for message in session.scalars(sa.select(TicketMessage))}
    assert kinds["For us"] is MessageKind.INTERNAL
    assert kinds["For her"] is MessageKind.PUBLIC
    assert page.text.count("Internal note, the customer does not see it") == 1
    assert "n.pdf" in page.text


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_an_empty_text_is_refused_at_its_own_form(
    tom: Browse, session: Session, cast: Cast, now: datetime, kind: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = tom.post(f"/work/tickets/{ticket.ref}/{kind}", {f"{kind}-body": ""})

    assert "Write a few words first." in page.text
    assert "hidden" not in page.all("form", id=kind)[0]


def test_a_reply_does_not_talk_past_the_customer(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"reply-body": "My long reply"})
    reply(session, ticket, body="I found it myself.", by=cast.wang_fang, now=now + HOUR)
    session.flush()

    page = tom.post(f"/work/tickets/{ticket.ref}/reply", form)
    assert "王芳 wrote a message." in page.text
    assert "Nothing was sent" in page.text
    assert "My long reply" in page.text
    assert len(session.scalars(sa.select(TicketMessage)).all()) == 2

    tom.post(f"/work/tickets/{ticket.ref}/reply", form_of(page, **{"reply-body": "My long reply"}))
    assert len(session.scalars(sa.select(TicketMessage)).all()) == 3


def test_a_second_click_does_not_reply_twice(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"reply-body": "My reply"})

    tom.post(f"/work/tickets/{ticket.ref}/reply", form)
    page = tom.post(f"/work/tickets/{ticket.ref}/reply", form)

    assert "Nothing was sent" not in page.text
    assert len(session.scalars(sa.select(TicketMessage)).all()) == 2


def test_ones_own_triage_does_not_stop_ones_reply(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"reply-body": "My reply"})
    tom.post(f"/work/tickets/{ticket.ref}/triage", {"topic": "refund", "priority": "low", "owner": ""})

    tom.post(f"/work/tickets/{ticket.ref}/reply", form)

    session.refresh(ticket)
    assert ticket.state is TicketState.WAITING_CUSTOMER


def test_resolving_without_telling_the_customer_is_refused_in_words(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = answered(session, cast, now)

    page = tom.post(f"/work/tickets/{ticket.ref}/resolve", {"explanation": "  "})

    session.refresh(ticket)
    assert "Tell the customer what was done before you resolve the ticket." in page.text
    assert ticket.state is TicketState.WAITING_CUSTOMER


def test_resolving_a_dispute_asks_what_becomes_of_it(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=invoice_line(session, cast.lanting))
    path = f"/work/tickets/{ticket.ref}/resolve"

    page = tom.get(path)
    assert "What becomes of the disputed charge?" in page.text
    page = tom.post(path, {"explanation": "You are right."})
    assert "Say what becomes of the disputed charge" in page.text
    assert "You are right." in page.text
    for credit in ("ten", "0", "110.01"):
        page = tom.post(path, {"explanation": "You are right.", "decision": "granted", "credit": credit})
        assert page.all("input", name="credit", aria_invalid="true"), credit
    tom.post(path, {"explanation": "You are right.", "decision": "granted", "credit": "60"})

    session.refresh(ticket)
    assert ticket.state is TicketState.RESOLVED
    assert ticket.dispute is not None
    session.refresh(ticket.dispute)
    assert ticket.dispute.state is DisputeState.GRANTED


def test_a_resolution_does_not_talk_past_the_customer(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)
    path = f"/work/tickets/{ticket.ref}/resolve"
    form = form_of(tom.get(path), explanation="All is well.")
    reply(session, ticket, body="It is not.", by=cast.wang_fang, now=now + 2 * HOUR)
    session.flush()

    page = tom.post(path, form)

    session.refresh(ticket)
    assert "王芳 wrote a message." in page.text
    assert "It is not." in page.text
    assert "All is well." in page.text
    assert ticket.state is TicketState.OPEN


def test_a_ticket_with_21vianet_or_resolved_is_not_resolved_from_its_page(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    for ticket in (with_21vianet(session, cast, now), resolved(session, cast, now), closed(session, cast, now)):
        page = tom.get(f"/work/tickets/{ticket.ref}/resolve")
        assert "cannot be resolved now" in page.text


def test_a_closed_ticket_takes_notes_but_no_reply(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)

    page = tom.post(f"/work/tickets/{ticket.ref}/reply", {"reply-body": "Hello?"})
    assert "This ticket is closed." in page.text
    page = tom.post(f"/work/tickets/{ticket.ref}/note", {"note-body": "For the record"})
    assert "For the record" in page.text


def test_the_side_panel_names_what_21vianet_asks_for(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)
    ticket = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)

    page = tom.get(f"/work/tickets/{ticket.ref}")

    assert line.subscription is not None
    for wanted in (line.subscription.order_id, line.subscription.vnet_subscription_id, cast.lanting.tenant_id):
        assert wanted in page.text


def test_what_a_customer_writes_stays_text(
    tom: Browse, client: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    hostile = '<script>alert(1)</script> javascript:alert(1) https://example.com/?a="onclick=x'
    ticket = opened(session, cast.wang_fang, now, subject="<b>bold</b>", body=hostile)

    html = client.get(f"/work/tickets/{ticket.ref}").get_data(as_text=True)

    assert "<script>alert" not in html
    assert "<b>bold" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize("who", ["wang_fang", "li_na", "emma"])
def test_only_who_works_on_tickets_comes_in(
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime, who: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    browse.sign_in(getattr(cast, who))

    for path in ("queue", f"tickets/{ticket.ref}", f"tickets/{ticket.ref}/resolve", f"tickets/{ticket.ref}/reply"):
        assert client.get(f"/work/{path}").status_code == 403
    for path in ("take", "triage", "reply", "note", "resolve"):
        assert client.post(f"/work/tickets/{ticket.ref}/{path}", data={}).status_code == 403


def test_an_unknown_ticket_does_not_exist(tom: Browse, client: FlaskClient) -> None:
    tom.get("/work/tickets/T-9999", status=404)
    for path in ("take", "triage", "reply", "note", "resolve"):
        assert client.post(f"/work/tickets/T-9999/{path}", data={}).status_code == 404


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.tom.locale = locale
    browse.sign_in(cast.tom)
    ticket = answered(session, cast, now)

    for path in ("queue?view=all", f"tickets/{ticket.ref}", f"tickets/{ticket.ref}/resolve"):
        browse.get(f"/work/{path}")
