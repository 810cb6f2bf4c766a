"""The daily run: read the books, ask the engine, do the one thing that is due for each subscription."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import CaseState, StageKind, SuspensionCase, SuspensionReason
from helpdesk.collections.queries import Standing, standings
from helpdesk.collections.rules.cases import reminder_due
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.services.case_mails import remind_of_deletion
from helpdesk.collections.services.casebook import lock_open_cases
from helpdesk.collections.services.cases import ask_reactivation, drop_case, propose_suspension
from helpdesk.collections.services.desk_mails import ask_for_approval, ask_for_contact, warn_of_deletion
from helpdesk.collections.services.ending import settle_paid
from helpdesk.collections.services.mails import tell_issued
from helpdesk.collections.services.notices import issue_notice
from helpdesk.errors import DomainError

log = structlog.get_logger(__name__)
_KEPT: Final = frozenset({Step.PROPOSE_SUSPENSION, Step.CONFIRM_SUSPENSION, Step.PAUSE, Step.MAKE_HEARD})
"""Steps in which a proposed or approved suspension stays; a payment or a new course of notices drops it.

So it does while its day is only put off, by a weekend or an exception.
"""
_WAITS: Final = frozenset({Step.FIND_CONTACT, Step.MAKE_HEARD})


def run_dunning(session: Session, *, now: datetime, calendar: WorkDays | None) -> Counter[Step]:
    """Do what is due; give how often each step came up. Twice at one instant does nothing twice.

    Customers are told and cases are proposed; nothing is suspended or reactivated here: people do that.
    """
    lock_open_cases(session)
    settle_paid(session, now=now)
    done: Counter[Step] = Counter()
    for standing in standings(session, now=now, calendar=calendar):
        if _is_idle(standing):
            continue
        try:
            with session.begin_nested():
                _act(session, standing, now=now, calendar=calendar)
        except DomainError as refusal:
            log.warning("dunning_refused", subscription=standing.subscription.public_id, refusal=repr(refusal))
            continue
        done[standing.action.step] += 1
    _remind_of_deletions(session, now=now)
    session.flush()
    return done


def _is_idle(standing: Standing) -> bool:
    """Whether there is nothing to do today: the usual case, which must be cheap."""
    step, case = standing.action.step, standing.suspension
    if step in _DEEDS or step in _WAITS:
        return False
    has_news = standing.is_unheard and bool(standing.contacts)
    return not has_news and (case is None or case.state is CaseState.SUSPENDED)


def _act(session: Session, standing: Standing, *, now: datetime, calendar: WorkDays | None) -> None:
    _drop_overtaken(session, standing, now=now)
    _tell_new_contacts(session, standing, now=now)
    if standing.action.step in _WAITS:
        ask_for_contact(session, standing, now=now)
    deed = _DEEDS.get(standing.action.step)
    if deed is not None:
        deed(session, standing, now, calendar)


def _drop_overtaken(session: Session, standing: Standing, *, now: datetime) -> None:
    """A payment, or a debt that starts anew, ends a suspension that was not done yet."""
    case = standing.suspension
    if case is None or case.reason is not SuspensionReason.NON_PAYMENT or case.state is CaseState.SUSPENDED:
        return
    only_waits = standing.action.step is Step.WAIT and standing.action.stage is StageKind.SUSPENSION
    if standing.action.step not in _KEPT and not only_waits:
        drop_case(session, case, reason="", by=None, now=now)


def _tell_new_contacts(session: Session, standing: Standing, *, now: datetime) -> None:
    """Send a notice that nobody received to contacts who came since; who has it already gets nothing."""
    if standing.is_unheard and standing.notice is not None:
        tell_issued(session, standing.notice, standing.contacts, now=now)


def _notify(session: Session, standing: Standing, now: datetime, calendar: WorkDays | None) -> None:
    issue_notice(
        session,
        standing.subscription,
        stage=standing.action.stage or StageKind.REMINDER,
        policy=standing.policy,
        now=now,
        calendar=calendar,
        extra_days=standing.extra_days,
    )


def _propose(session: Session, standing: Standing, now: datetime, calendar: WorkDays | None) -> None:
    if standing.suspension is None:
        propose_suspension(
            session,
            standing.subscription,
            reason=SuspensionReason.NON_PAYMENT,
            explanation="",
            by=None,
            now=now,
            calendar=calendar,
        )


def _reactivate(session: Session, standing: Standing, now: datetime, calendar: WorkDays | None) -> None:
    del calendar
    if standing.suspension is not None:
        ask_reactivation(session, standing.suspension, by=None, now=now)


def _ask(session: Session, standing: Standing, now: datetime, calendar: WorkDays | None) -> None:
    del calendar
    ask_for_approval(session, standing, now=now)


_DEEDS: Final[dict[Step, Callable[[Session, Standing, datetime, WorkDays | None], None]]] = {
    Step.NOTIFY: _notify,
    Step.AWAIT_APPROVAL: _ask,
    Step.PROPOSE_SUSPENSION: _propose,
    Step.PROPOSE_REACTIVATION: _reactivate,
}


def _remind_of_deletions(session: Session, *, now: datetime) -> None:
    """Remind agent and customer of every suspended subscription whose data is deleted soon; each day of it once."""
    statement = (
        select(SuspensionCase)
        .where(SuspensionCase.state == CaseState.SUSPENDED, SuspensionCase.data_deleted_on.is_not(None))
        .options(
            joinedload(SuspensionCase.customer),
            joinedload(SuspensionCase.subscription),
            joinedload(SuspensionCase.notice),
        )
    )
    for case in session.scalars(statement):
        if case.data_deleted_on is None:
            continue
        days = reminder_due((case.data_deleted_on - day_in(case.customer.time_zone, now)).days)
        if days is not None:
            remind_of_deletion(session, case, days=days, now=now)
            warn_of_deletion(session, case, days=days, now=now)
