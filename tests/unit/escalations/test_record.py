"""What is written down: the request number, the private thread, the outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, class_mapper

from helpdesk.audit.models import AuditEntry
from helpdesk.escalations.models import (
    Channel,
    ContactEffect,
    ContactFile,
    ContactLogEntry,
    CreditWatch,
    Direction,
    EscalationState,
    Outcome,
)
from helpdesk.escalations.queries import contact_file_visible, customer_view_of, visible_case
from helpdesk.escalations.rules import (
    CreditMissing,
    CustomerNotTold,
    FiledInTheFuture,
    RequestNumberTaken,
    StepNotPossible,
)
from helpdesk.escalations.services import (
    Said,
    ask_again,
    close_case,
    join_mail,
    log_contact,
    record_answer,
    record_filing,
    withdraw,
)
from helpdesk.files.store import MemoryFileStore
from helpdesk.money import Money
from helpdesk.tickets.models import EventKind, TicketState, Topic
from helpdesk.tickets.rules.loop import LoopStillOpen
from helpdesk.tickets.services import resolve_ticket
from tests.cast import Cast
from tests.unit.escalations.stage import CALENDARS, ask, bill, filed, files, prepared, vnet_said
from tests.unit.files.samples import pdf

DOMAINS = ("21vianet.com",)


def test_filing_hands_the_ticket_over_and_sets_the_first_check(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)

    record_filing(session, case, request_number="sr-77120", by=cast.tom, now=now, calendar=CALENDARS.vnet)

    assert (case.state, case.request_number, case.filed_revision) == (EscalationState.FILED, "SR-77120", 1)
    assert case.next_check_at == now + timedelta(days=1)
    assert case.ticket.state is TicketState.WITH_21VIANET


def test_the_customer_sees_since_when_and_the_next_check_and_nothing_more(
    session: Session, cast: Cast, now: datetime
) -> None:
    case = prepared(session, cast, now=now)
    assert customer_view_of(session, case.ticket, now=now) is None

    record_filing(session, case, request_number="SR-77121", by=cast.tom, now=now, calendar=CALENDARS.vnet)

    view = customer_view_of(session, case.ticket, now=now)
    assert view is not None
    assert (view.since, view.next_check) == (now, now + timedelta(days=1))
    assert set(view.__slots__) == {"since", "next_check"}


def test_a_check_that_is_past_is_not_promised_to_the_customer(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)

    view = customer_view_of(session, case.ticket, now=now + timedelta(days=1))

    assert view is not None
    assert (view.since, view.next_check) == (now, None)


def test_a_request_number_belongs_to_one_case(session: Session, cast: Cast, now: datetime) -> None:
    first = filed(session, cast, now=now, number="SR-77122")
    other = prepared(session, cast, now=now, ticket=ask(session, cast, now=now, topic=Topic.QUESTION))

    with pytest.raises(RequestNumberTaken, match=first.ticket.ref):
        record_filing(session, other, request_number=" sr-77122", by=cast.tom, now=now, calendar=CALENDARS.vnet)


def test_what_has_not_happened_is_not_recorded(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)
    later = now + timedelta(minutes=1)

    with pytest.raises(FiledInTheFuture):
        record_filing(
            session, case, request_number="SR-1234", filed_at=later, by=cast.tom, now=now, calendar=CALENDARS.vnet
        )


def test_a_contact_moves_the_next_check(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    later = now + timedelta(hours=5)

    log_contact(session, case, vnet_said(later), by=cast.tom, now=later, calendars=CALENDARS)
    assert case.next_check_at == later + timedelta(days=1)

    chosen = later + timedelta(days=3)
    log_contact(session, case, vnet_said(later), by=cast.tom, now=later, calendars=CALENDARS, next_check_at=chosen)
    assert case.next_check_at == chosen
    assert [entry.who for entry in case.contacts] == ["张伟", "张伟"]


def test_a_request_for_information_puts_the_clock_on_us(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    asks, gives = ContactEffect.INFORMATION_REQUESTED, ContactEffect.INFORMATION_GIVEN

    log_contact(session, case, vnet_said(now), by=cast.tom, now=now, calendars=CALENDARS, effect=asks)
    assert case.state is EscalationState.INFORMATION_REQUESTED
    assert case.due_at == case.information_due_at == now + timedelta(days=1)
    assert case.ticket.state is TicketState.WITH_21VIANET

    later = now + timedelta(hours=2)
    log_contact(session, case, vnet_said(later), by=cast.tom, now=later, calendars=CALENDARS, effect=gives)
    assert (case.state, case.information_due_at) == (EscalationState.FILED, None)
    assert case.due_at == later + timedelta(days=1)


def test_information_cannot_be_given_that_nobody_asked_for(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)

    with pytest.raises(StepNotPossible):
        log_contact(
            session,
            case,
            vnet_said(now),
            by=cast.tom,
            now=now,
            calendars=CALENDARS,
            effect=ContactEffect.INFORMATION_GIVEN,
        )


def test_the_contact_log_has_no_way_to_a_ticket_message_or_a_customer() -> None:
    for model in (ContactLogEntry, ContactFile):
        neighbours = {relation.mapper.class_.__name__ for relation in class_mapper(model).relationships}
        assert neighbours <= {"Escalation", "User", "ContactFile", "ContactLogEntry"}
        targets = {key.column.table.name for key in model.__table__.foreign_keys}
        assert targets <= {"escalation", "user_account", "contact_log_entry"}


def test_files_of_the_log_are_for_the_partners_people_alone(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    entry = log_contact(
        session,
        case,
        vnet_said(now),
        by=cast.tom,
        now=now,
        calendars=CALENDARS,
        files=files(("reply.pdf", pdf())),
        store=MemoryFileStore(),
    )

    name = entry.files[0].public_id
    assert contact_file_visible(session, cast.mei, name) is entry.files[0]
    for person in (cast.wang_fang, cast.li_na, cast.sato, cast.emma):
        assert contact_file_visible(session, person, name) is None
        assert visible_case(session, person, case.public_id) is None


def test_a_mail_of_21vianet_joins_by_number_and_domain_once(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now, number="SR-88001")

    def arrive(sender: str, subject: str, message_id: str) -> ContactLogEntry | None:
        return join_mail(
            session, sender=sender, subject=subject, text="已核实", message_id=message_id, domains=DOMAINS, now=now
        )

    assert arrive("x@evil.example", "SR-88001", "<1@x>") is None
    assert arrive("support@21vianet.com", "your request", "<2@x>") is None
    entry = arrive("support@21vianet.com", "Re: SR-88001", "<3@x>")
    assert entry is arrive("support@21vianet.com", "Re: SR-88001", "<3@x>")
    assert entry is not None
    assert (entry.escalation, entry.direction, entry.channel) == (case, Direction.FROM_21VIANET, Channel.MAIL)
    assert case.is_overdue(now)


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.EXPLAINED, Outcome.DECLINED, Outcome.INAPPROPRIATE])
def test_after_every_outcome_the_customer_is_told_before_the_ticket_is_resolved(
    session: Session, cast: Cast, now: datetime, outcome: Outcome
) -> None:
    case = filed(session, cast, now=now)
    credit = Money(3300) if outcome is Outcome.GRANTED else None
    later = now + timedelta(hours=20)

    record_answer(session, case, vnet_said(later), outcome=outcome, credit=credit, by=cast.tom, now=later)

    assert (case.state, case.ticket.state) == (EscalationState.ANSWERED, TicketState.OPEN)
    assert case.ticket.loop_opened_at == later
    assert customer_view_of(session, case.ticket, now=later) is None
    with pytest.raises(LoopStillOpen):
        resolve_ticket(session, case.ticket, explanation="", by=cast.tom, now=later)
    with pytest.raises(CustomerNotTold):
        close_case(session, case, by=cast.tom, now=later)


def test_a_granted_credit_is_watched_for(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    with pytest.raises(CreditMissing):
        record_answer(session, case, vnet_said(now), outcome=Outcome.GRANTED, by=cast.tom, now=now)

    record_answer(session, case, vnet_said(now), outcome=Outcome.GRANTED, credit=Money(3300), by=cast.tom, now=now)

    assert (case.credit, case.credit_watch) == (Money(3300), CreditWatch.EXPECTED)


def test_an_answer_that_does_not_settle_it_goes_back_under_the_same_number(
    session: Session, cast: Cast, now: datetime
) -> None:
    case = filed(session, cast, now=now, number="SR-88002")
    record_answer(session, case, vnet_said(now, "按合同收费。"), outcome=Outcome.DECLINED, by=cast.tom, now=now)
    later = now + timedelta(hours=1)

    ask_again(
        session,
        case,
        Said(later, Channel.PORTAL, Direction.FROM_US, "The contract says 12 seats."),
        by=cast.tom,
        now=later,
        calendar=CALENDARS.vnet,
    )

    assert (case.state, case.request_number, case.outcome) == (EscalationState.FILED, "SR-88002", None)
    assert case.ticket.state is TicketState.WITH_21VIANET
    session.refresh(case, ["contacts"])
    assert [entry.text for entry in case.contacts] == ["按合同收费。", "The contract says 12 seats."]


def test_a_case_that_is_taken_back_does_not_say_that_21vianet_answered(
    session: Session, cast: Cast, now: datetime
) -> None:
    case = filed(session, cast, now=now)

    withdraw(session, case, why="The customer found the mistake.", by=cast.tom, now=now)

    assert (case.state, case.outcome) == (EscalationState.WITHDRAWN, Outcome.WITHDRAWN)
    assert case.ticket.state is TicketState.OPEN
    assert EventKind.VNET_ANSWERED not in {event.kind for event in case.ticket.events}


def test_a_case_that_was_never_filed_leaves_the_ticket_as_it_is(session: Session, cast: Cast, now: datetime) -> None:
    case = prepared(session, cast, now=now)

    withdraw(session, case, why="Found it ourselves.", by=cast.tom, now=now)

    assert case.ticket.state is TicketState.OPEN
    assert prepared(session, cast, now=now, ticket=case.ticket).state is EscalationState.PREPARED


def test_a_told_case_is_closed(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION, invoice=bill(session, cast, now=now))
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    resolve_ticket(session, ticket, explanation="21Vianet explained the charge.", by=cast.tom, now=now)

    close_case(session, case, by=cast.tom, now=now)

    assert (case.state, case.closed_at) == (EscalationState.CLOSED, now)


def test_every_step_is_in_the_audit_trail(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    withdraw(session, case, why="x", by=cast.mei, now=now)

    statement = select(AuditEntry.action).where(AuditEntry.object_id == case.public_id).order_by(AuditEntry.id)
    assert list(session.scalars(statement)) == ["escalation.opened", "escalation.filed", "escalation.withdrawn"]
