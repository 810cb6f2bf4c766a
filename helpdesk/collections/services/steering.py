"""Holds, promises to pay and exceptions: each with its reason, its author and its last day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.services import record
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import CollectionsHold, PaymentPromise, PolicyException
from helpdesk.collections.rules import steering as rules
from helpdesk.db import locked
from helpdesk.money import Money


def place_hold(
    session: Session, customer: Customer, *, until: date, reason: str, by: User, now: datetime
) -> CollectionsHold:
    """Let no stage begin for a customer until the day after `until`. Raises `DayNotAhead`, `ReasonMissing`."""
    rules.check_ahead(until, today=day_in(customer.time_zone, now))
    rules.check_reason(reason)
    hold = CollectionsHold(
        customer_id=customer.id, until=until, reason=reason.strip(), created_at=now, created_by_id=by.id
    )
    session.add(hold)
    _note(session, customer, "held", by=by, now=now, after={"until": until.isoformat(), "reason": hold.reason})
    session.flush()
    return hold


def release_hold(session: Session, hold: CollectionsHold, *, by: User, now: datetime) -> None:
    """End a hold before its day. Raises `HoldEnded`."""
    locked(session, hold)
    if hold.released_at is not None:
        raise rules.HoldEnded
    hold.released_at, hold.released_by_id = now, by.id
    _note(session, hold.customer, "released", by=by, now=now)
    session.flush()


def write_promise(
    session: Session, customer: Customer, *, amount: Money, promised_on: date, said_by: str, by: User, now: datetime
) -> PaymentPromise:
    """Write down that a customer pays so much by a day. Raises `DayNotAhead`, `PromiseNeedsAmount`."""
    if amount <= Money.zero(amount.currency):
        raise rules.PromiseNeedsAmount
    rules.check_ahead(promised_on, today=day_in(customer.time_zone, now))
    promise = PaymentPromise(
        customer_id=customer.id,
        amount_minor=amount.minor,
        currency=amount.currency,
        promised_on=promised_on,
        said_by=said_by.strip(),
        created_at=now,
        created_by_id=by.id,
    )
    session.add(promise)
    after = {"amount": str(amount), "on": promised_on.isoformat()}
    _note(session, customer, "promised", by=by, now=now, after=after)
    session.flush()
    return promise


def grant_exception(
    session: Session, customer: Customer, *, extra_days: int, until: date, reason: str, by: User, now: datetime
) -> PolicyException:
    """Move every stage of a customer later by some days, while the exception holds.

    Raises `DayNotAhead`, `ReasonMissing`, `ExtraDaysOutOfRange`.
    """
    rules.check_ahead(until, today=day_in(customer.time_zone, now))
    rules.check_reason(reason)
    if not 0 < extra_days <= rules.MOST_EXTRA_DAYS:
        raise rules.ExtraDaysOutOfRange(days=rules.MOST_EXTRA_DAYS)
    exception = PolicyException(
        customer_id=customer.id,
        extra_days=extra_days,
        until=until,
        reason=reason.strip(),
        created_at=now,
        created_by_id=by.id,
    )
    session.add(exception)
    after = {"extra_days": extra_days, "until": until.isoformat(), "reason": exception.reason}
    _note(session, customer, "excepted", by=by, now=now, after=after)
    session.flush()
    return exception


def end_exception(session: Session, exception: PolicyException, *, by: User, now: datetime) -> None:
    """End an exception before its day; again changes nothing."""
    locked(session, exception)
    if exception.ended_at is None:
        exception.ended_at = now
        _note(session, exception.customer, "exception_ended", by=by, now=now)
        session.flush()


def _note(
    session: Session, customer: Customer, deed: str, *, by: User, now: datetime, after: dict[str, Any] | None = None
) -> None:
    record(
        session,
        f"collections.{deed}",
        object_type="customer",
        object_id=customer.public_id,
        actor_id=by.id,
        now=now,
        after=after,
    )
