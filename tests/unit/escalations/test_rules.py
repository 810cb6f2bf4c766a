"""What may happen to a case, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from helpdesk.escalations.models import ApprovalCause, EscalationState, Outcome
from helpdesk.escalations.rules import (
    TRANSITIONS,
    CreditMissing,
    CustomerNotTold,
    NotARequestNumber,
    NotTriaged,
    StepNotPossible,
    TicketNotBeingWorked,
    approval_cause,
    check_credit,
    check_step,
    check_ticket,
    check_told,
    information_due,
    may_join_mail,
    next_check,
    request_number_of,
)
from helpdesk.money import Money
from helpdesk.permissions import Role
from helpdesk.tickets.models import TicketState
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar

BEIJING = ZoneInfo("Asia/Shanghai")
S = EscalationState
ALLOWED = {
    (S.AWAITING_APPROVAL, S.PREPARED),
    (S.AWAITING_APPROVAL, S.WITHDRAWN),
    (S.PREPARED, S.AWAITING_APPROVAL),
    (S.PREPARED, S.FILED),
    (S.PREPARED, S.WITHDRAWN),
    (S.FILED, S.INFORMATION_REQUESTED),
    (S.FILED, S.ANSWERED),
    (S.FILED, S.WITHDRAWN),
    (S.INFORMATION_REQUESTED, S.FILED),
    (S.INFORMATION_REQUESTED, S.ANSWERED),
    (S.INFORMATION_REQUESTED, S.WITHDRAWN),
    (S.ANSWERED, S.FILED),
    (S.ANSWERED, S.CLOSED),
}


@pytest.mark.parametrize(("current", "to"), list(product(S, S)))
def test_every_pair_of_states_is_allowed_or_refused(current: S, to: S) -> None:
    if (current, to) in ALLOWED:
        check_step(current, to)
        return
    with pytest.raises(StepNotPossible):
        check_step(current, to)


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(TRANSITIONS) == set(S)


def test_a_ticket_is_triaged_before_21vianet_is_asked(now: datetime) -> None:
    with pytest.raises(NotTriaged):
        check_ticket(state=TicketState.NEW, triaged_at=None)
    check_ticket(state=TicketState.OPEN, triaged_at=now)


@pytest.mark.parametrize("state", [TicketState.RESOLVED, TicketState.CLOSED, TicketState.WITH_21VIANET])
def test_a_ticket_that_is_not_being_worked_on_is_not_escalated(state: TicketState, now: datetime) -> None:
    with pytest.raises(TicketNotBeingWorked):
        check_ticket(state=state, triaged_at=now)


def test_a_lead_approves_above_the_amount_and_for_new_agents() -> None:
    def cause(role: Role, amount: str | None, *, is_new: bool = False) -> ApprovalCause | None:
        money = Money.of(amount) if amount else None
        return approval_cause(role, amount=money, above=Money.of(50_000), is_new=is_new)

    assert cause(Role.AGENT, "50000") is None
    assert cause(Role.AGENT, "50000.01") is ApprovalCause.AMOUNT
    assert cause(Role.AGENT, None, is_new=True) is ApprovalCause.NEW_AGENT
    assert cause(Role.LEAD, "99999", is_new=True) is None


@pytest.mark.parametrize(("typed", "read"), [(" sr-2026-00871 ", "SR-2026-00871"), ("1180 2931", "11802931")])
def test_a_request_number_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert request_number_of(typed) == read


@pytest.mark.parametrize("typed", ["", "12", "SR 2026/1", "-1234-", "号码12345", "x" * 61])
def test_what_is_no_request_number_is_refused(typed: str) -> None:
    with pytest.raises(NotARequestNumber):
        request_number_of(typed)


def test_the_next_check_skips_the_golden_week() -> None:
    filed = datetime(2026, 9, 30, 15, 0, tzinfo=BEIJING)

    assert next_check(filed, vnet_calendar()) == datetime(2026, 10, 8, 15, 0, tzinfo=BEIJING)


def test_the_next_check_may_fall_on_a_make_up_saturday() -> None:
    filed = datetime(2026, 10, 9, 11, 30, tzinfo=BEIJING)

    assert next_check(filed, vnet_calendar()) == datetime(2026, 10, 10, 11, 30, tzinfo=BEIJING)


def test_what_is_asked_on_a_friday_evening_is_due_at_the_end_of_monday() -> None:
    asked = datetime(2026, 11, 27, 20, 0, tzinfo=BEIJING)

    due = information_due(asked, partner_calendar("Asia/Shanghai"))

    assert due == datetime(2026, 11, 30, 18, 0, tzinfo=BEIJING)


def test_a_granted_credit_has_an_amount() -> None:
    check_credit(Outcome.GRANTED, Money(1))
    check_credit(Outcome.DECLINED, None)
    for credit in (None, Money(0), Money(-5)):
        with pytest.raises(CreditMissing):
            check_credit(Outcome.GRANTED, credit)


def test_an_explanation_from_before_the_answer_does_not_count(now: datetime) -> None:
    check_told(explained_at=now, answered_at=now)
    with pytest.raises(CustomerNotTold):
        check_told(explained_at=now - timedelta(minutes=1), answered_at=now)
    with pytest.raises(CustomerNotTold):
        check_told(explained_at=None, answered_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("sender", "text", "joins"),
    [
        ("support@21vianet.com", "Re: SR-2026-00871", True),
        ("support@mail.21vianet.com", "关于sr-2026-00871的答复", True),
        ("someone@evil.example", "Re: SR-2026-00871", False),
        ("x@21vianet.com.evil.example", "Re: SR-2026-00871", False),
        ("x@not21vianet.com", "Re: SR-2026-00871", False),
        ("support@21vianet.com", "Re: your request", False),
        ("support@21vianet.com", "SR-2026-008712", False),
        ("support@21vianet.com", "XSR-2026-00871", False),
    ],
)
def test_a_mail_joins_by_number_and_domain_together(sender: str, text: str, joins: bool) -> None:  # noqa: FBT001
    found = may_join_mail(sender=sender, text=text, request_number="SR-2026-00871", domains=["21vianet.com"])

    assert found is joins
