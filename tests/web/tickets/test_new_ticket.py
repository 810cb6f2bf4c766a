"""Asking us something, through the pages."""

from __future__ import annotations

import io
from datetime import datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import encode_multipart

from helpdesk.tickets.models import Topic
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import (
    invoice_line,
    opened,
    subscription,
)
from tests.web.tickets.forms import form_of, tickets

CANARY = "KANARIENVOGEL-7f3a"


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


def test_what_she_was_looking_at_comes_along(wang: Browse, session: Session, cast: Cast) -> None:
    line = invoice_line(session, cast.lanting)

    page = wang.get(f"/tickets/new?topic=question&line={line.public_id}&invoice={line.invoice.number}")
    assert [option["value"] for option in page.all("option", selected="")] == [line.public_id]
    wang.post("/tickets/new", form_of(page, line=line.public_id, subject="Why", body="Why is it more?"))

    ticket = tickets(session)[0]
    assert (ticket.lines, ticket.invoice, ticket.dispute) == ([line], line.invoice, None)
    page = wang.sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}")
    assert line.description in page.text


def test_the_same_page_sent_twice_makes_one_ticket(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Why", body="Why is it more?")

    wang.post("/tickets/new", form)
    page = wang.post("/tickets/new", form)

    assert "T-1001" in page.text
    assert len(tickets(session)) == 1


@pytest.mark.parametrize(
    "case",
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
    wang: Browse, session: Session, cast: Cast, case: tuple[str, dict[str, str], str]
) -> None:
    topic, change, sentence = case
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
    own = invoice_line(session, cast.lanting)
    foreign = invoice_line(session, cast.sakura, number="INV-2026-0099")

    page = wang.get(f"/tickets/new?topic=dispute&line={foreign.public_id}")
    assert foreign.public_id not in {option["value"] for option in page.all("option")}
    wang.post("/tickets/new", form_of(page, line=foreign.public_id, subject="Hm", body="Hm"))
    assert tickets(session) == []

    wang.post("/tickets/new", form_of(page, line=own.public_id, subject="Hm", body="Hm"))
    assert [ticket.lines for ticket in tickets(session)] == [[own]]


def test_a_line_in_dispute_is_not_on_offer_again(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)
    opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)

    page = wang.get("/tickets/new?topic=dispute")

    assert line.public_id not in {option["value"] for option in page.all("option")}


def test_a_member_without_invoices_asks_in_words(browse: Browse, session: Session, cast: Cast) -> None:
    invoice_line(session, cast.lanting)
    cast.li_na.locale = "en"
    session.flush()
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
    assert "Files kept with your draft good.pdf" in page.text
    assert "My words" in page.text
    assert tickets(session) == []


def test_five_hundred_files_are_refused_in_words(wang: Browse, session: Session) -> None:
    files = [(io.BytesIO(b"x"), f"{number}.txt") for number in range(500)]

    page = wang.post(
        "/tickets/new", form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words", files=files)
    )

    assert page.text.count("is one too many") == 6
    assert page.text.count("487 more files were not taken.") == 2
    assert tickets(session) == []


def test_a_browser_cuts_nothing_off_what_is_pasted(wang: Browse) -> None:
    [area] = wang.get("/tickets/new?topic=question").all("textarea")

    assert "maxlength" not in area


def test_a_message_of_ten_megabytes_is_refused_in_words(wang: Browse, client: FlaskClient) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="x" * 10_000_000)
    boundary, body = encode_multipart(form)

    for answer in (
        client.post("/tickets/new", data=body, content_type=f"multipart/form-data; boundary={boundary}"),
        client.post("/tickets/new", data=urlencode(form), content_type="application/x-www-form-urlencoded"),
    ):
        assert answer.status_code == 413
        assert "too much at once" in answer.get_data(as_text=True)
        assert "2 MB of text; attach a longer text as a file" in answer.get_data(as_text=True)


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
