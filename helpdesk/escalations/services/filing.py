"""What was done in Partner Center by hand, written down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.escalations.models import Escalation, EscalationState
from helpdesk.escalations.queries.cases import case_by_request_number
from helpdesk.escalations.rules import (
    FiledInTheFuture,
    RequestNumberTaken,
    StepNotPossible,
    next_check,
    request_number_of,
)
from helpdesk.escalations.services.records import move
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.tickets.services import hand_to_21vianet
from helpdesk.workcalendar.rules import WorkCalendar


def record_filing(
    session: Session,
    escalation: Escalation,
    *,
    request_number: str,
    by: User,
    now: datetime,
    calendar: WorkCalendar,
    filed_at: datetime | None = None,
    representative: str = "",
) -> Escalation:
    """Write down that somebody submitted the newest packet in Partner Center, under 21Vianet's request number.

    `calendar` is 21Vianet's; it gives the first check. Raises `NotARequestNumber`, `RequestNumberTaken`,
    `FiledInTheFuture`, `StepNotPossible`.
    """
    filed_at = filed_at or now
    if escalation.state is not EscalationState.PREPARED:
        raise StepNotPossible
    if filed_at > now:
        raise FiledInTheFuture
    number = request_number_of(request_number)
    other = case_by_request_number(session, number)
    if other is not None:
        raise RequestNumberTaken(ticket=other.ticket.ref)
    escalation.request_number = number
    escalation.representative = tidy_line(representative)
    escalation.filed_at, escalation.filed_by = filed_at, by
    escalation.filed_revision = escalation.packet.revision
    escalation.next_check_at = next_check(filed_at, calendar)
    move(session, escalation, EscalationState.FILED, by=by, now=now, request_number=number)
    session.flush()
    hand_to_21vianet(session, escalation.ticket, by=by, now=now)
    return escalation
