"""What time brings: reminders, credits that come or do not, cases whose loop was closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.escalations.models import CreditWatch, Escalation, EscalationState
from helpdesk.escalations.queries.due import (
    answered_and_explained,
    due_cases,
    files_since,
    matching_offset,
    watched_credits,
)
from helpdesk.escalations.services.contacts import Calendars
from helpdesk.escalations.services.mails import leads, remind, tell_credit
from helpdesk.escalations.services.outcome import close_case
from helpdesk.escalations.services.records import note_deed
from helpdesk.limits import CREDIT_WATCH_FILES, LEAD_AFTER_WORKING_HOURS


def remind_of_follow_ups(session: Session, *, now: datetime, calendars: Calendars) -> int:
    """Remind the owner of each step that is due, and the leads once it is late; give the number of cases due.

    However often it runs, and after however long a pause, a due date reminds each person once.
    """
    cases = due_cases(session, now=now)
    for case in cases:
        remind(session, case, [case.owner], now=now)
        if is_late(case, now=now, calendars=calendars):
            remind(session, case, [lead for lead in leads(session) if lead.id != case.owner.id], now=now)
    session.flush()
    return len(cases)


def is_late(case: Escalation, *, now: datetime, calendars: Calendars) -> bool:
    """Whether the step has been due for so many working hours that the leads must know."""
    if case.due_at is None:
        return False
    ours = case.state is EscalationState.INFORMATION_REQUESTED
    calendar = calendars.partner if ours else calendars.vnet
    return calendar.hours_between(case.due_at, now) >= LEAD_AFTER_WORKING_HOURS


def watch_credits(session: Session, *, now: datetime) -> int:
    """Match granted credits with Offset line items that were imported since; give the number that changed.

    An offset answers one case alone. A credit that did not come with the second file is missing, and is still
    matched when it comes later.
    """
    changed = 0
    for case in watched_credits(session):
        before = case.credit_watch
        row = matching_offset(session, case)
        if row is not None:
            case.credit_row, case.credit_watch = row, CreditWatch.ARRIVED
        elif files_since(session, case) >= CREDIT_WATCH_FILES:
            case.credit_watch = CreditWatch.MISSING
        if case.credit_watch is before or case.credit_watch is None:
            continue
        changed += 1
        session.flush()
        note_deed(session, case, "credit_arrived" if row is not None else "credit_missing", by=None, now=now)
        tell_credit(session, case, now=now)
    return changed


def close_told_cases(session: Session, *, now: datetime) -> int:
    """Close the answered cases whose customers were told; give their number."""
    cases = answered_and_explained(session)
    for case in cases:
        close_case(session, case, by=None, now=now)
    return len(cases)
