"""The agents' side of a ticket, through the pages."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState
from helpdesk.tickets.models import MessageKind, Priority, TicketMessage, TicketState, Topic
from helpdesk.tickets.services import assign, confirm, reply
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import HOUR, answered, closed, invoice_line, opened, resolved, with_21vianet
from tests.web.tickets.forms import form_of


def test_a_reply_to_a_ticket_that_was_closed_meanwhile_is_refused_and_stays_on_the_page(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"reply-body": "One more thing about July."})
    confirm(session, ticket, by=cast.wang_fang, now=now + 2 * HOUR)

    page = tom.post(f"/work/tickets/{ticket.ref}/reply", form)

    assert "This ticket is closed" in page.text
    assert page.text.count("One more thing about July.") == 1


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


def test_a_second_click_does_not_note_twice(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    form = form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"note-body": "Ask Mei"})

    for _ in range(2):
        tom.post(f"/work/tickets/{ticket.ref}/note", form)
    assert len(session.scalars(sa.select(TicketMessage)).all()) == 2

    tom.post(
        f"/work/tickets/{ticket.ref}/note", form_of(tom.get(f"/work/tickets/{ticket.ref}"), **{"note-body": "Ask Mei"})
    )
    assert len(session.scalars(sa.select(TicketMessage)).all()) == 3


def test_sorting_from_an_old_page_leaves_what_others_set(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path, as_shown = f"/work/tickets/{ticket.ref}", {"topic": "question", "priority": "normal", "owner": ""}
    old = form_of(tom.get(path), **as_shown)
    assign(session, ticket, owner=cast.mei, by=cast.mei, now=now + HOUR)
    session.flush()

    page = tom.post(f"{path}/triage", old | {"priority": "high"})

    session.refresh(ticket)
    assert "Somebody else changed this ticket meanwhile." in page.text
    assert (ticket.owner, ticket.priority) == (cast.mei, Priority.HIGH)


def test_a_ticket_of_somebody_who_left_is_sorted_and_stays_theirs_until_given_away(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    assign(session, ticket, owner=cast.mei, by=cast.tom, now=now)
    cast.mei.disabled_at = now
    session.flush()
    path = f"/work/tickets/{ticket.ref}"
    page = tom.get(path)
    assert page.all("option", value=cast.mei.public_id, selected="")

    values = {"topic": "refund", "priority": "normal", "owner": cast.mei.public_id}
    page = tom.post(f"{path}/triage", form_of(page, **values))

    session.refresh(ticket)
    assert "Saved." in page.text
    assert (ticket.owner, ticket.topic) == (cast.mei, Topic.REFUND)


def test_an_inserted_answer_is_written_on_at_once(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path = f"/work/tickets/{ticket.ref}"
    assert not tom.get(path).all("textarea", autofocus="")

    page = tom.post(
        f"{path}/reply", form_of(tom.get(path), **{"reply-body": "Hello"}) | {"insert": "macro", "macro": "-"}
    )

    assert page.all("textarea", name="reply-body", autofocus="")


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
    page = tom.post(path, {"explanation": "It stands.", "decision": "declined", "credit": "60"})
    assert page.all("input", name="credit", aria_invalid="true", value="60")
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


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.tom.locale = locale
    browse.sign_in(cast.tom)
    ticket = answered(session, cast, now)

    for path in ("queue?view=all", f"tickets/{ticket.ref}", f"tickets/{ticket.ref}/resolve"):
        browse.get(f"/work/{path}")
