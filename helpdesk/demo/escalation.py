"""The demonstration's case with 21Vianet: handed over, filed, waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.escalations.models import Channel, Direction, EscalationReason
from helpdesk.escalations.rules import CasePolicy, GateAnswers
from helpdesk.escalations.services import Calendars, Said, log_contact, open_case, record_filing
from helpdesk.tickets.models import MessageKind, Ticket
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar


def hand_over(session: Session, ticket: Ticket, *, by: User, now: datetime) -> None:
    """Take the ticket through the gate, file it, and write down the first contact."""
    policy = CasePolicy(partner_name="Lanhe Cloud", approval_above=10**6, new_agent_days=0)
    calendars = Calendars(vnet=vnet_calendar(), partner=partner_calendar("Asia/Shanghai"))
    dispute = ticket.dispute
    case = open_case(
        session,
        ticket,
        answers=GateAnswers(
            reason=EscalationReason.SUPPORT_TOOLS,
            reason_text="Our tools show the charge in the reconciliation file, not the renewal order that caused it.",
            facts="A renewal fee was charged five months before the end of the term, besides the monthly fee.",
            tried="Compared the term dates of the subscription with the reconciliation file; sought a renewal order.",
            contact_name=by.name,
            contact_detail=by.email,
            notes=tuple(message for message in ticket.messages if message.kind is MessageKind.INTERNAL)[:1],
            lines=(dispute.line,) if dispute else (),
            subscription=dispute.line.subscription if dispute else ticket.subscription,
        ),
        by=by,
        policy=policy,
        now=now,
    )
    filed = now + timedelta(minutes=35)
    record_filing(session, case, request_number="SR-2026-104417", by=by, now=filed, calendar=calendars.vnet)
    called = now + timedelta(days=8)
    log_contact(
        session,
        case,
        Said(
            at=called,
            channel=Channel.CALL,
            direction=Direction.FROM_21VIANET,
            who="Support representative",
            text="They see the fee and no renewal order. The billing team will look at it; no date given.",
        ),
        by=by,
        now=called,
        calendars=calendars,
    )
