"""The customer's side of a ticket, through the pages."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import encode_multipart

from helpdesk.clock import utc_now
from helpdesk.tickets.models import Ticket, TicketState, Topic
from helpdesk.tickets.queries import copied_on
from helpdesk.tickets.services import add_note, reply, resolve_ticket
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import (
    HOUR,
    answered,
    closed,
    invoice_line,
    opened,
    resolved,
    slip,
    subscription,
    with_21vianet,
)

CANARY = "KANARIENVOGEL-7f3a"


def form_of(page: Page, **values: Any) -> dict[str, Any]:
    """The hidden fields of the page's forms, with what a person fills in."""
    hidden = {field["name"]: field.get("value", "") for field in page.all("input", type="hidden") if field.get("name")}
    return hidden | values


def tickets(session: Session) -> list[Ticket]:
    return list(session.scalars(sa.select(Ticket).order_by(Ticket.number)))


@pytest.fixture
def wang(browse: Browse, cast: Cast) -> Browse:
    """The site as Wang Fang uses it, in English for the sake of the reader."""
    cast.wang_fang.locale = "en"
    return browse.sign_in(cast.wang_fang)


def test_the_topic_is_chosen_first_and_keeps_where_she_came_from(wang: Browse) -> None:
    page = wang.get("/tickets/new?q=发票金额不对&article=invoice-amount-looks-wrong")

    links = [link["href"] for link in page.all("a") if "topic=" in link.get("href", "")]
    assert len(links) == len(Topic)
    assert all("q=" in link and "article=invoice-amount-looks-wrong" in link for link in links)


@pytest.mark.parametrize("topic", Topic)
def test_each_topic_shows_its_own_fields(wang: Browse, session: Session, cast: Cast, topic: Topic) -> None:
    invoice_line(session, cast.lanting)

    page = wang.get(f"/tickets/new?topic={topic}")

    shown = {field["name"] for tag in ("select", "input") for field in page.all(tag) if field.get("name")}
    expected = {
        Topic.DISPUTE: {"line", "amount"},
        Topic.REFUND: {"line", "amount"},
        Topic.PAYMENT_MADE: {"invoice", "amount"},
        Topic.FAPIAO: {"invoice"},
        Topic.SUSPENSION: {"subscription"},
    }.get(topic, set())
    assert shown & {"line", "invoice", "subscription", "amount"} == expected
    assert "at the latest" in page.text


def test_a_dispute_is_sent_with_its_line_and_bank_slip(wang: Browse, session: Session, cast: Cast) -> None:
    line = invoice_line(session, cast.lanting)
    page = wang.get(f"/tickets/new?topic=dispute&line={line.public_id}")
    assert [option["value"] for option in page.all("option", selected="")] == [line.public_id]

    page = wang.post(
        "/tickets/new",
        form_of(
            page, line=line.public_id, amount="50.00", subject="Wrong seats", body="We have 8 seats.",
            files=(io.BytesIO(pdf()), "slip.pdf"),
        ),
    )  # fmt: skip

    ticket = tickets(session)[0]
    assert "We have your ticket T-1001" in page.text
    assert "slip.pdf" in page.text
    assert ticket.dispute is not None
    assert ticket.dispute.amount_minor == 50_00


def test_the_same_page_sent_twice_makes_one_ticket(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Why", body="Why is it more?")

    wang.post("/tickets/new", form)
    page = wang.post("/tickets/new", form)

    assert "T-1001" in page.text
    assert len(tickets(session)) == 1


@pytest.mark.parametrize(
    ("topic", "change", "sentence"),
    [
        ("question", {"subject": ""}, "Say in a few words what it is about."),
        ("question", {"subject": " \u202e "}, "Say in a few words what it is about."),
        ("question", {"subject": "x" * 201}, "Keep the subject under 200 characters."),
        ("question", {"body": "  "}, "Write a few words first."),
        ("question", {"body": "x" * 20_001}, "That is longer than 20,000 characters."),
        ("dispute", {"line": ""}, "This topic needs it."),
        ("dispute", {"line": "foreign"}, "Choose one of the list."),
        ("dispute", {"amount": "ten"}, "is not an amount"),
        ("dispute", {"amount": "-5"}, "Give an amount above zero."),
        ("dispute", {"amount": "1e9"}, "is not an amount"),
        ("dispute", {"amount": "999.00"}, "at most"),
        ("payment_made", {"amount": ""}, "This topic needs it."),
        ("payment_made", {"invoice": ""}, "This topic needs it."),
        ("suspension", {"subscription": ""}, "This topic needs it."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    wang: Browse, session: Session, cast: Cast, topic: str, change: dict[str, str], sentence: str
) -> None:
    line = invoice_line(session, cast.lanting)
    good = {
        "subject": "A subject of mine",
        "body": "A body of mine",
        "line": line.public_id,
        "invoice": line.invoice.number,
        "subscription": line.subscription.public_id if line.subscription else "",
        "amount": "10.00",
    }
    page = wang.post("/tickets/new", form_of(wang.get(f"/tickets/new?topic={topic}"), **(good | change)))

    kept = [field.get("value") for field in page.all("input", name="subject")]
    assert sentence in page.text
    assert "Nothing that you typed was lost" in page.text
    assert "subject" in change or kept == ["A subject of mine"]
    assert "body" in change or "A body of mine" in page.text
    assert tickets(session) == []


def test_a_line_of_another_customer_is_not_on_offer(wang: Browse, session: Session, cast: Cast) -> None:
    invoice_line(session, cast.lanting)
    foreign = invoice_line(session, cast.sakura, number="INV-2026-0099")

    page = wang.get(f"/tickets/new?topic=dispute&line={foreign.public_id}")
    assert foreign.public_id not in {option["value"] for option in page.all("option")}
    wang.post("/tickets/new", form_of(page, line=foreign.public_id, subject="Hm", body="Hm"))

    assert tickets(session) == []


def test_a_line_in_dispute_is_not_on_offer_again(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)
    opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)

    page = wang.get("/tickets/new?topic=dispute")

    assert line.public_id not in {option["value"] for option in page.all("option")}


def test_a_member_without_invoices_asks_in_words(browse: Browse, session: Session, cast: Cast) -> None:
    invoice_line(session, cast.lanting)
    cast.li_na.locale = "en"
    browse.sign_in(cast.li_na)

    page = browse.get("/tickets/new?topic=dispute")
    assert "ask your billing contact: 王芳" in page.text
    browse.post("/tickets/new", form_of(page, subject="A charge", body="On the invoice of October"))

    assert [ticket.topic for ticket in tickets(session)] == [Topic.DISPUTE]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", "is empty"),
        ("broken.pdf", pdf()[:-20], "is a broken PDF"),
        ("virus.exe", b"MZ", "is not a kind of file that we take"),
        ("photo.png", pdf(), "does not contain what its ending says"),
        ("slip\u202efdp.exe", pdf(), "“slipfdp.exe” is not a kind of file"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_the_text_is_kept(
    wang: Browse, session: Session, name: str, content: bytes, why: str
) -> None:
    page = wang.get("/tickets/new?topic=question")
    files = [(io.BytesIO(content), name), (io.BytesIO(pdf()), "good.pdf")]

    page = wang.post("/tickets/new", form_of(page, subject="Mine", body="My words", files=files))

    assert why in page.text
    assert "please choose these again: good.pdf" in page.text
    assert "My words" in page.text
    assert tickets(session) == []


def test_five_hundred_files_are_refused_in_words(wang: Browse, session: Session) -> None:
    files = [(io.BytesIO(b"x"), f"{number}.txt") for number in range(500)]

    page = wang.post(
        "/tickets/new", form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words", files=files)
    )

    assert "one too many" in page.text
    assert tickets(session) == []


def test_a_message_of_ten_megabytes_is_refused_in_words(wang: Browse, client: FlaskClient) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="x" * 10_000_000)

    boundary, body = encode_multipart(form)

    answer = client.post("/tickets/new", data=body, content_type=f"multipart/form-data; boundary={boundary}")

    assert answer.status_code == 413
    assert "too much at once" in answer.get_data(as_text=True)


def test_another_topic_keeps_what_was_typed(wang: Browse, session: Session, cast: Cast) -> None:
    subscription(session, cast.lanting)
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="My words", to_topic="suspension")

    page = wang.post("/tickets/new", form)

    assert [field["value"] for field in page.all("input", name="subject")] == ["Mine"]
    assert "My words" in page.text
    assert page.all("select", name="subscription")
    assert "Please look at this again" not in page.text
    assert tickets(session) == []


def test_control_characters_do_not_get_in(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="a\x00b\u202ec", body="x\x07y\u2066z")

    wang.post("/tickets/new", form)

    assert [(ticket.subject, ticket.messages[0].body) for ticket in tickets(session)] == [("abc", "xyz")]


def test_an_empty_list_teaches(wang: Browse) -> None:
    page = wang.get("/tickets")

    assert "No tickets yet" in page.text
    assert page.all("a", href="/tickets/new")


def test_the_list_is_searched_and_filtered(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now, subject="October invoice")
    over = closed(session, cast, now)

    assert "October invoice" in wang.get("/tickets?q=october").text
    assert "No ticket matches" in wang.get("/tickets?q=nothing-like-it").text
    page = wang.get("/tickets?state=closed")
    assert over.ref in page.text
    assert "October invoice" not in page.text
    assert "October invoice" in wang.get("/tickets?state=nonsense&after=bent").text


def test_the_timeline_speaks_plainly(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)

    page = wang.get(f"/tickets/{ticket.ref}")

    assert "We asked 21Vianet, which operates the service." in page.text
    assert "You need not do anything" in page.text
    steps = [step for step in page.all("li") if step.get("aria-current") == "step"]
    assert len(steps) == 1


def test_she_writes_and_a_reload_does_not_write_twice(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = answered(session, cast, now)
    form = form_of(wang.get(f"/tickets/{ticket.ref}"), body="Still wrong.")

    wang.post(f"/tickets/{ticket.ref}", form)
    page = wang.post(f"/tickets/{ticket.ref}", form)

    session.refresh(ticket)
    assert ticket.state is TicketState.OPEN
    assert page.text.count("Still wrong.") == 1


def test_an_empty_message_is_refused(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)

    page = wang.post(f"/tickets/{ticket.ref}", {"body": "  "})

    assert "Write a few words first." in page.text


def test_she_confirms_twice_and_the_ticket_is_closed_once(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)

    page = wang.get(f"/tickets/{ticket.ref}")
    assert "The fee was prorated." in page.text
    assert "Is it solved?" in page.text
    wang.post(f"/tickets/{ticket.ref}/solved")
    page = wang.post(f"/tickets/{ticket.ref}/solved")

    session.refresh(ticket)
    assert ticket.state is TicketState.CLOSED
    assert "You confirmed that it is solved." in page.text


def test_she_rates_a_closed_ticket(wang: Browse, session: Session, cast: Cast) -> None:
    ticket = closed(session, cast, utc_now() - 3 * HOUR)

    wang.post(f"/tickets/{ticket.ref}/rating", {"rate-rating": "4", "rate-comment": "Quick"})

    session.refresh(ticket)
    assert (ticket.rating, ticket.rating_comment) == (4, "Quick")
    assert "from 1 to 5" in wang.post(f"/tickets/{ticket.ref}/rating", {"rate-rating": "9"}).text


def test_not_solved_yet_needs_a_reason_and_opens_it_again(wang: Browse, session: Session, cast: Cast) -> None:
    ticket = closed(session, cast, utc_now() - 3 * HOUR)

    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": ""})
    assert "Write a few words first." in page.text
    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})

    session.refresh(ticket)
    assert ticket.state is TicketState.OPEN
    assert "It came back." in page.text


def test_she_copies_a_colleague_in_but_nobody_else(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": cast.sato.public_id})
    wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": ""})
    page = wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": cast.li_na.public_id})

    assert "李娜 can see this ticket now." in page.text
    assert [person.name for person in copied_on(session, ticket)] == ["李娜"]


def test_an_old_ticket_leads_to_a_new_one(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now.replace(year=2024))

    page = wang.get(f"/tickets/{ticket.ref}")
    assert "open a new ticket and mention T-1001" in page.text
    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})

    assert "more than 14 days ago" in page.text


def test_internal_notes_never_reach_the_customer(
    wang: Browse, client: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    files, store = slip()
    ticket = opened(session, cast.wang_fang, now)
    note = add_note(session, ticket, body=CANARY, by=cast.tom, now=now, files=files, store=store)
    reply(session, ticket, body="Our answer.", by=cast.tom, now=now)
    resolve_ticket(session, ticket, explanation="Done.", by=cast.tom, now=now)
    session.flush()

    for path in (
        "/tickets",
        f"/tickets?q={CANARY}",
        f"/tickets/{ticket.ref}",
        f"/attachments/{note.attachments[0].public_id}",
    ):
        html = client.get(path).get_data(as_text=True).replace(f'value="{CANARY}"', "").replace(f"?q={CANARY}", "")
        assert CANARY not in html, path
        assert "银行回单" not in html, path
        assert "internal" not in html.lower(), path


@pytest.mark.parametrize("who", ["sato", "li_na"])
def test_a_foreign_ticket_does_not_exist(
    browse: Browse, client: FlaskClient, session: Session, cast: Cast, now: datetime, who: str
) -> None:
    ticket = resolved(session, cast, now)
    browse.sign_in(getattr(cast, who))

    browse.get(f"/tickets/{ticket.ref}", status=404)
    for path in ("", "/solved", "/not-solved", "/rating", "/copy"):
        assert client.post(f"/tickets/{ticket.ref}{path}", data={"body": "x", "again-body": "x"}).status_code == 404
    browse.get("/tickets/T-9999", status=404)
    browse.get("/tickets/T-99999999999", status=404)
    browse.get("/attachments/nothing", status=404)


def test_nobody_comes_in_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    for path in (
        "/tickets",
        "/tickets/new",
        "/tickets/T-1001",
        "/attachments/x",
        "/work/queue",
        "/work/tickets/T-1001",
    ):
        assert client.get(path).status_code in {302, 401}, path


def test_a_file_is_a_download_that_nothing_opens(wang: Browse, client: FlaskClient, session: Session) -> None:
    form = form_of(
        wang.get("/tickets/new?topic=question"), subject="S", body="B", files=(io.BytesIO(pdf()), "../银行回单.pdf")
    )
    wang.post("/tickets/new", form)
    file = tickets(session)[0].messages[0].attachments[0]

    answer = client.get(f"/attachments/{file.public_id}")

    assert answer.data == pdf()
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.wang_fang.locale = locale
    browse.sign_in(cast.wang_fang)
    ticket = resolved(session, cast, now)

    for path in ("/tickets", "/tickets/new", "/tickets/new?topic=payment_made", f"/tickets/{ticket.ref}"):
        browse.get(path)
