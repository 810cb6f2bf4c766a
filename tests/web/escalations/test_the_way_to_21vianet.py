"""An agent takes a ticket to 21Vianet and back, page by page."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState
from helpdesk.clock import utc_now
from helpdesk.escalations.models import ContactLogEntry, CreditWatch, Escalation, EscalationState, Outcome
from helpdesk.escalations.services import record_answer
from helpdesk.money import Money
from helpdesk.tickets.models import Ticket, TicketState, Topic
from helpdesk.tickets.services import DisputeDecision, resolve_ticket
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.unit.escalations.stage import ask, bill, filed, prepared, vnet_said
from tests.unit.files.samples import pdf


@pytest.fixture
def now() -> datetime:
    """These pages play an hour ago, since they ask the real clock."""
    return utc_now() - timedelta(hours=1)


@pytest.fixture
def ticket(session: Session, cast: Cast, now: datetime) -> Ticket:
    return ask(session, cast, now=now, invoice=bill(session, cast, now=now))


def gate_answers(ticket: Ticket, **changed: object) -> dict[str, object]:
    return {
        "facts": "客户自 7 月 20 日起为 12 个席位，仍按 15 个收费。",
        "reason": "support_tools",
        "reason_text": "席位记录只在账单平台中。",
        "tried": "核对了席位变更记录与对账文件。",
        "notes": [ticket.messages[-1].public_id],
        "lines": [line.public_id for line in ticket.lines],
        "severity": "moderate",
        "contact_name": "Tom Becker",
        "contact_detail": "tom@partner.example",
        "subscription": "",
        "tried_article": "",
        **changed,
    }


def case_of(session: Session, ticket: Ticket) -> Escalation:
    session.expire_all()
    return session.scalars(select(Escalation).where(Escalation.ticket_id == ticket.id)).one()


def test_the_whole_way(browse: Browse, session: Session, cast: Cast, ticket: Ticket) -> None:
    browse.sign_in(cast.tom)
    gate = browse.get(f"/work/tickets/{ticket.ref}/escalate")
    assert "Nothing is sent by this page" in gate.text

    page = browse.post(f"/work/tickets/{ticket.ref}/escalate", gate_answers(ticket))
    assert "The packet is ready. Nothing has been sent" in page.text
    for value in ("ORD-7F31", "VSUB-1", cast.lanting.tenant_id, "SyndicationPartnerSubscriptionNumber"):
        assert value in page.text
    case = case_of(session, ticket)
    base = f"/work/escalations/{case.public_id}"

    minute = (utc_now() + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    page = browse.post(f"{base}/filed", {"filing-request_number": "SR-2026-00871", "filing-filed_at": minute})
    assert "SR-2026-00871" in page.text
    assert case_of(session, ticket).ticket.state is TicketState.WITH_21VIANET

    said = {"contact-text": "LOG-CANARY", "contact-at": minute, "contact-direction": "from_21vianet"}
    said |= {"contact-channel": "call", "contact-who": "张伟", "contact-effect": "none"}
    page = browse.post(f"{base}/contacts", said | {"contact-files": (io.BytesIO(pdf()), "reply.pdf")})
    assert "LOG-CANARY" in page.text
    assert "reply.pdf" in page.text

    page = browse.post(
        f"{base}/answer",
        {"answer-outcome": "granted", "answer-credit": "33.00", "answer-answer": "已同意", "answer-channel": "portal"},
    )
    assert "Now tell the customer" in page.text
    assert case_of(session, ticket).ticket.state is TicketState.OPEN


def test_the_customer_never_sees_the_log_nor_a_page_of_it(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    case.contacts.append(
        ContactLogEntry(at=now, channel="call", direction="from_us", text="LOG-CANARY", author=cast.tom)
    )
    session.commit()

    browse.sign_in(cast.wang_fang)
    assert "LOG-CANARY" not in browse.get(f"/tickets/{ticket.ref}").text
    for path in ("", "/packets/1", "/packets/1.zip"):
        browse.get(f"/work/escalations/{case.public_id}{path}", status=403)
    browse.get("/work/escalations", status=403)
    browse.get(f"/work/tickets/{ticket.ref}/escalate", status=403)


def test_the_gate_keeps_what_was_typed_and_says_what_is_missing(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket
) -> None:
    browse.sign_in(cast.tom)
    data = gate_answers(ticket, tried="", facts="KEPT-TEXT")

    page = browse.post(f"/work/tickets/{ticket.ref}/escalate", data)

    assert "Say what you checked and did before asking 21Vianet." in page.text
    assert "KEPT-TEXT" in page.text
    assert session.scalars(select(Escalation)).all() == []


def test_checking_shows_the_score_and_prepares_nothing(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket
) -> None:
    browse.sign_in(cast.tom)

    page = browse.post(f"/work/tickets/{ticket.ref}/escalate", gate_answers(ticket, check="yes", tried=""))

    assert "of 100" in page.text
    assert "It shows that this is not support we could have given ourselves." in page.text
    assert session.scalars(select(Escalation)).all() == []


def test_without_anything_that_shows_it_the_gate_stays_shut(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket
) -> None:
    browse.sign_in(cast.tom)

    page = browse.post(f"/work/tickets/{ticket.ref}/escalate", gate_answers(ticket, notes=[]))

    assert "Link at least one article you followed or one message" in page.text
    assert "核对了席位变更记录" in page.text


@pytest.mark.parametrize("field", ["notes", "lines", "attachments", "subscription", "tried_article"])
def test_what_is_not_offered_cannot_be_chosen(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, field: str
) -> None:
    browse.sign_in(cast.tom)

    page = browse.post(f"/work/tickets/{ticket.ref}/escalate", gate_answers(ticket, **{field: ["zzzzzzzzzzzzzzzz"]}))

    assert "Please look at this again" in page.text
    assert session.scalars(select(Escalation)).all() == []


def test_a_ticket_that_names_no_invoice_is_offered_the_lines_of_the_newest_ones(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    other = ask(session, cast, now=now, topic=Topic.REFUND)
    session.commit()

    page = browse.sign_in(cast.tom).get(f"/work/tickets/{other.ref}/escalate")

    assert [box["value"] for box in page.all("input", name="lines")] == [line.public_id for line in ticket.lines]
    assert not any("checked" in box for box in page.all("input", name="lines"))


def test_an_open_case_is_shown_instead_of_a_second_gate(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    prepared(session, cast, now=now, ticket=ticket)
    session.commit()

    page = browse.sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}/escalate")

    assert "already has an open case" in page.text


def test_an_untriaged_ticket_is_refused_in_words(browse: Browse, session: Session, cast: Cast, ticket: Ticket) -> None:
    ticket.triaged_at = None
    session.commit()

    page = browse.sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}/escalate", status=409)

    assert "Triage the ticket first" in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"filing-request_number": ""}, "Enter the number that Partner Center shows"),
        ({"filing-request_number": "??"}, "5 to 60 letters, digits and hyphens"),
        ({"filing-filed_at": "yesterday"}, "Enter a date and a time"),
        ({"filing-filed_at": "2099-01-01T10:00"}, "The moment lies in the future"),
    ],
)
def test_a_bad_filing_is_refused_in_words_and_keeps_the_rest(  # noqa: PLR0917 - fixtures
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime, typed: dict[str, str], words: str
) -> None:
    case = prepared(session, cast, now=now, ticket=ticket)
    session.commit()
    data = {"filing-request_number": "SR-12345", "filing-filed_at": "2026-11-20T10:00", "filing-representative": "张伟"}

    page = browse.sign_in(cast.tom).post(f"/work/escalations/{case.public_id}/filed", data | typed)

    assert words in page.text
    assert page.all("input", value="张伟")


def test_a_request_number_of_another_case_is_refused_with_its_ticket(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    other = filed(session, cast, now=now, number="SR-55501")
    case = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, topic=Topic.OTHER))
    session.commit()
    data = {"filing-request_number": "SR-55501", "filing-filed_at": "2026-11-20T10:00"}

    page = browse.sign_in(cast.tom).post(f"/work/escalations/{case.public_id}/filed", data)

    assert f"already belongs to the case of {other.ticket.ref}" in page.text


@pytest.mark.parametrize(
    ("credit", "words"),
    [("", "as an amount above zero"), ("a lot", "is not an amount"), ("0", "as an amount above zero")],
)
def test_a_granted_credit_needs_its_amount(  # noqa: PLR0917 - fixtures
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime, credit: str, words: str
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    session.commit()
    data = {"answer-outcome": "granted", "answer-credit": credit, "answer-answer": "KEPT", "answer-channel": "call"}

    page = browse.sign_in(cast.tom).post(f"/work/escalations/{case.public_id}/answer", data)

    assert words in page.text
    assert "KEPT" in page.text


def test_a_bad_file_is_refused_and_the_words_stay(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    session.commit()
    data = {"contact-text": "KEPT", "contact-at": "2026-11-20T10:00", "contact-direction": "from_us"}
    data |= {"contact-channel": "call", "contact-effect": "none"}

    page = browse.sign_in(cast.tom).post(
        f"/work/escalations/{case.public_id}/contacts", {**data, "contact-files": (io.BytesIO(b"MZ"), "virus.exe")}
    )

    assert "virus.exe" in page.text
    assert "KEPT" in page.text
    assert session.scalars(select(ContactLogEntry)).all() == []


def test_the_packet_can_be_printed_and_taken_along(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = prepared(session, cast, now=now, ticket=ticket)
    session.commit()
    browse.sign_in(cast.tom)

    page = browse.get(f"/work/escalations/{case.public_id}/packets/1")
    answer = browse.client.get(f"/work/escalations/{case.public_id}/packets/1.zip")

    assert "It is kept as it was." in page.text
    assert page.all("button", data_copy="#field-1-order_id")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    answer.close()
    assert "packet-zh-Hans.txt" in archive.namelist()
    assert answer.headers["Cache-Control"] == "private, no-store"
    browse.get(f"/work/escalations/{case.public_id}/packets/2", status=404)
    browse.get("/work/escalations/nothing", status=404)


def test_a_lead_sends_back_then_approves(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    cast.tom.created_at = now
    case = prepared(session, cast, now=now, ticket=ticket)
    session.commit()
    base = f"/work/escalations/{case.public_id}"

    assert "Approve" not in {b["value"] for b in browse.sign_in(cast.tom).get(base).all("button") if "value" in b}
    browse.client.post(f"{base}/approve")
    assert case_of(session, ticket).state is EscalationState.AWAITING_APPROVAL

    browse.sign_in(cast.mei)
    assert "Say what must be mended." in browse.post(f"{base}/send-back", {"back-note": ""}).text
    assert "Which month?" in browse.post(f"{base}/send-back", {"back-note": "Which month?"}).text
    assert "Approved." in browse.post(f"{base}/approve").text
    assert case_of(session, ticket).state is EscalationState.PREPARED


def test_a_case_is_changed_into_a_second_packet(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = prepared(session, cast, now=now, ticket=ticket)
    session.commit()
    browse.sign_in(cast.tom)

    page = browse.get(f"/work/escalations/{case.public_id}/revise")
    assert "席位记录只在账单平台中" in page.text
    page = browse.post(f"/work/escalations/{case.public_id}/revise", gate_answers(ticket, facts="更正后的说明"))

    assert "Packet 2 is ready" in page.text
    assert "更正后的说明" in page.text


def test_a_step_that_is_no_longer_possible_is_refused_in_words(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    session.commit()

    page = browse.sign_in(cast.tom).post(f"/work/escalations/{case.public_id}/withdraw", {"withdrawal-why": "too late"})

    assert "The case has moved on since you opened the page" in page.text


def test_an_untold_case_is_not_closed(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    session.commit()

    page = browse.sign_in(cast.tom).post(f"/work/escalations/{case.public_id}/close", status=409)

    assert "Tell the customer what 21Vianet answered" in page.text


def test_the_board_shows_overdue_follow_ups_first(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    fresh = filed(session, cast, now=now, ticket=ticket)
    late = filed(session, cast, now=now - timedelta(days=30))
    session.commit()

    page = browse.sign_in(cast.tom).get("/work/escalations")

    assert "1 follow-up is overdue." in page.text
    assert page.text.index(late.ticket.ref) < page.text.index(fresh.ticket.ref)


def test_my_board_holds_my_cases(browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    session.commit()

    assert case.ticket.ref in browse.sign_in(cast.tom).get("/work/escalations?owner=me").text
    assert "No open case" in browse.sign_in(cast.mei).get("/work/escalations?owner=me").text


def test_empty_pages_teach(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.mei)

    assert "A ticket that we cannot resolve on our own" in browse.get("/work/escalations").text
    assert "Nothing to count yet" in browse.get("/work/escalations/quality").text


def test_a_case_that_was_not_filed_does_not_claim_to_be_at_21vianet(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = prepared(session, cast, now=now, ticket=ticket)
    session.commit()

    page = browse.sign_in(cast.tom).get(f"/work/escalations/{case.public_id}")

    assert f"{ticket.ref} at 21Vianet" not in page.text
    assert f"Case of {ticket.ref} for 21Vianet" in page.text


def effects_on(page: Page) -> list[str]:
    return [each["value"] for each in page.all("option") if each["value"].startswith("information")]


def test_the_log_offers_only_what_can_follow(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    session.commit()
    base = f"/work/escalations/{case.public_id}"
    said = {"contact-text": "Send the order.", "contact-direction": "from_21vianet", "contact-channel": "call"}
    said |= {"contact-at": "2026-01-05T10:00", "contact-who": "张伟"}

    assert effects_on(browse.sign_in(cast.tom).get(base)) == ["information_requested"]
    page = browse.post(f"{base}/contacts", said | {"contact-effect": "information_requested"})
    assert effects_on(page) == ["information_given"]
    assert case_of(session, ticket).representative == "张伟"
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    session.commit()
    page = browse.get(base)
    assert not page.all("select", name="contact-effect")
    assert not page.all("input", name="contact-next_check_at")
    assert "KEPT-LATER" in browse.post(f"{base}/contacts", said | {"contact-text": "KEPT-LATER"}).text


def test_once_the_customer_was_told_the_case_no_longer_says_otherwise(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    session.commit()
    base = f"/work/escalations/{case.public_id}"
    assert "Answered, customer not told" in browse.sign_in(cast.tom).get(base).text

    decision = DisputeDecision(DisputeState.DECLINED)
    resolve_ticket(session, case.ticket, explanation="已说明。", by=cast.tom, now=utc_now(), dispute=decision)
    session.commit()

    assert "customer not told" not in browse.get(base).text


def test_the_board_shows_the_age_of_a_case(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    filed(session, cast, now=now, ticket=ticket)
    filed(session, cast, now=now - timedelta(days=30))
    session.commit()

    page = browse.sign_in(cast.tom).get("/work/escalations")

    assert "open for 30 days" in page.text
    assert "opened today" in page.text


def test_the_board_lists_granted_credits_until_they_come(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.GRANTED, credit=Money(3300), by=cast.tom, now=now)
    session.commit()
    browse.sign_in(cast.tom)
    assert "Credits we wait for" in browse.get("/work/escalations").text

    case.credit_watch = CreditWatch.ARRIVED
    session.commit()

    assert "Credits we wait for" not in browse.get("/work/escalations").text


def test_the_quality_report_counts_what_came_back(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.INAPPROPRIATE, by=cast.tom, now=now)
    session.commit()

    page = browse.sign_in(cast.mei).get("/work/escalations/quality")

    assert "100%" in page.text
    assert cast.tom.name in page.text


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_every_page_is_whole_in_every_language(  # noqa: PLR0917 - fixtures
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime, locale: str
) -> None:
    cast.mei.locale = locale
    first = filed(session, cast, now=now, ticket=ticket)
    second = prepared(session, cast, now=now)
    other = ask(session, cast, now=now, topic=Topic.QUESTION)
    session.commit()
    browse.sign_in(cast.mei)

    for path in (
        "/work/escalations",
        "/work/escalations/quality",
        f"/work/escalations/{first.public_id}",
        f"/work/escalations/{second.public_id}",
        f"/work/escalations/{second.public_id}/packets/1",
        f"/work/escalations/{second.public_id}/revise",
        f"/work/tickets/{other.ref}/escalate",
    ):
        browse.get(path)


def test_the_customer_reads_since_when_and_the_next_check_alone(
    browse: Browse, session: Session, cast: Cast, ticket: Ticket, now: datetime
) -> None:
    cast.wang_fang.locale = "en"
    case = filed(session, cast, now=now, ticket=ticket, number="SR-2026-00871")
    session.commit()

    text = browse.sign_in(cast.wang_fang).get(f"/tickets/{ticket.ref}").text

    assert "With 21Vianet" in text
    assert "look again on" in text
    for secret in (case.request_number or "", case.public_id, case.reason_text, case.tried, "INTERNAL-CANARY"):
        assert secret not in text
