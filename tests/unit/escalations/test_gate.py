"""Through the gate: who may open a case, with what, and who approves it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from helpdesk.escalations.models import ApprovalCause, Escalation, EscalationState
from helpdesk.escalations.rules import (
    AlreadyEscalated,
    EvidenceOfAnotherTicket,
    NothingShown,
    NotTriaged,
    NotYoursToApprove,
    StepNotPossible,
)
from helpdesk.escalations.services import approve, open_case, revise, send_back
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import TicketState, Topic
from tests.cast import Cast
from tests.unit.billing.making import add_subscription
from tests.unit.escalations.stage import POLICY, answers_for, ask, bill, filed, prepared


def mails(session: Session, kind: str) -> list[tuple[str, dict[str, object]]]:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
    return [(row.recipient_name, row.payload) for row in rows]


def test_a_case_is_prepared_but_nothing_is_with_21vianet_yet(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)

    assert case.state is EscalationState.PREPARED
    assert case.ticket.state is TicketState.OPEN
    assert (case.request_number, case.next_check_at) == (None, None)
    assert [step.state for step in case.steps] == [EscalationState.PREPARED]


def test_an_untriaged_ticket_is_not_escalated(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    ticket.triaged_at = None

    with pytest.raises(NotTriaged):
        open_case(session, ticket, answers=answers_for(ticket), by=cast.tom, policy=POLICY, now=now)


def test_something_must_show_what_was_tried(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingShown):
        prepared(session, cast, now=now, notes=())


def test_a_ticket_has_one_open_case(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)

    with pytest.raises(AlreadyEscalated):
        open_case(session, case.ticket, answers=answers_for(case.ticket), by=cast.mei, policy=POLICY, now=now)


def test_another_customers_subscription_is_no_evidence(session: Session, cast: Cast, now: datetime) -> None:
    foreign = add_subscription(session, cast.sakura)

    with pytest.raises(EvidenceOfAnotherTicket):
        prepared(session, cast, now=now, subscription=foreign)


def test_another_tickets_note_is_no_evidence(session: Session, cast: Cast, now: datetime) -> None:
    other = ask(session, cast, now=now, topic=Topic.QUESTION)
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)

    with pytest.raises(EvidenceOfAnotherTicket):
        prepared(session, cast, now=now, ticket=ticket, notes=(other.messages[-1],))


def test_a_large_amount_waits_for_a_lead(session: Session, cast: Cast, now: datetime) -> None:
    invoice = bill(session, cast, now=now, Amount="60000", Subtotal="60000", Tax="0", TotalForCustomer="60000")
    case = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, invoice=invoice))

    assert case.state is EscalationState.AWAITING_APPROVAL
    assert case.approval_cause is ApprovalCause.AMOUNT
    assert [name for name, _ in mails(session, "escalation_approval")] == [cast.mei.name]


def test_a_new_agents_case_waits_for_a_lead(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    cast.tom.created_at = now - timedelta(days=3)

    case = prepared(session, cast, now=now, ticket=ticket)

    assert case.approval_cause is ApprovalCause.NEW_AGENT


def test_a_lead_approves_and_the_agent_is_told(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    cast.tom.created_at = now
    case = prepared(session, cast, now=now, ticket=ticket)

    approve(session, case, by=cast.mei, now=now)

    assert (case.state, case.approved_by) == (EscalationState.PREPARED, cast.mei)
    assert [name for name, _ in mails(session, "escalation_approved")] == [cast.tom.name]


def test_neither_agents_nor_the_author_approve(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    cast.tom.created_at = now
    case = prepared(session, cast, now=now, ticket=ticket)
    case.created_by = cast.mei
    session.flush()

    for person in (cast.tom, cast.mei, cast.emma, cast.wang_fang):
        with pytest.raises(NotYoursToApprove):
            approve(session, case, by=person, now=now)


def test_a_case_is_approved_once(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)

    with pytest.raises(StepNotPossible):
        approve(session, case, by=cast.mei, now=now)


def test_a_case_that_is_sent_back_is_mended_and_asked_again(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    cast.tom.created_at = now
    case = prepared(session, cast, now=now, ticket=ticket)
    send_back(session, case, note="Which month?", by=cast.mei, now=now)

    revise(session, case, answers=answers_for(ticket, facts="July 2026."), by=cast.tom, policy=POLICY, now=now)

    assert (case.state, case.approval_note) == (EscalationState.AWAITING_APPROVAL, "")
    assert mails(session, "escalation_sent_back")[0][1]["note"] == "Which month?"
    assert len(mails(session, "escalation_approval")) == 2


def test_a_larger_amount_after_the_approval_needs_it_again(session: Session, cast: Cast, now: datetime) -> None:
    invoice = bill(session, cast, now=now, Amount="60000", Subtotal="60000", Tax="0", TotalForCustomer="60000")
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION, invoice=invoice)
    case = prepared(session, cast, now=now, ticket=ticket, lines=())
    before = case.state

    revise(session, case, answers=answers_for(ticket), by=cast.tom, policy=POLICY, now=now)

    assert (before, case.state) == (EscalationState.PREPARED, EscalationState.AWAITING_APPROVAL)


def test_a_smaller_change_after_the_approval_stays_approved(session: Session, cast: Cast, now: datetime) -> None:
    invoice = bill(session, cast, now=now, Amount="60000", Subtotal="60000", Tax="0", TotalForCustomer="60000")
    case = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, invoice=invoice))
    approve(session, case, by=cast.mei, now=now)

    changed = answers_for(case.ticket, facts="更正：12 个席位。")
    revise(session, case, answers=changed, by=cast.tom, policy=POLICY, now=now)

    assert case.state is EscalationState.PREPARED
    assert case.approved_by is cast.mei


def test_a_changed_case_is_a_new_packet_and_the_old_one_stays(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)
    before = [dict(entry) for entry in case.packets[0].fields]

    revise(session, case, answers=answers_for(case.ticket, facts="更正。"), by=cast.tom, policy=POLICY, now=now)

    session.refresh(case, ["packets"])
    assert [packet.revision for packet in case.packets] == [1, 2]
    assert case.packets[0].fields == before
    assert "更正。" in case.packet.value("description_zh")


def test_a_packet_cannot_be_changed(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)
    case.packet.fields = []

    with pytest.raises(DatabaseError, match="append-only"):
        session.flush()


def test_the_database_too_refuses_a_second_open_case(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)
    columns = ("ticket_id", "state", "reason", "reason_text", "facts", "tried", "severity", "contact_name")
    values = {name: getattr(case, name) for name in (*columns, "contact_detail", "created_by_id")}

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Escalation(**values, created_at=now))
