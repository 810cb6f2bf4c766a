"""What people decided in the demonstration: promises kept and broken, a hold, a case that waits for a lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Invoice
from helpdesk.billing.queries import balance_of, overdue_undisputed
from helpdesk.collections.models import SuspensionReason
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.services import propose_suspension
from helpdesk.collections.services.steering import grant_exception, place_hold, write_promise
from helpdesk.demo.bills import noon
from helpdesk.demo.people import ORGANISATIONS
from helpdesk.money import Money

_WAITING_SINCE: Final = timedelta(days=2)


def load_decisions(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Everything that agents and leads wrote down by `now`."""
    tom, mei = people["tom.becker@partner.example"], people["mei.lin@partner.example"]
    _promises(session, tom, now=now)
    today = now.date()
    place_hold(
        session,
        _customer(session, "greenvalley"),
        until=today + timedelta(days=6),
        reason="Her bank confirms the transfer of Friday; we wait for it to arrive.",
        by=mei,
        now=now - timedelta(days=1),
    )
    grant_exception(
        session,
        _customer(session, "harbour"),
        extra_days=5,
        until=today + timedelta(days=120),
        reason="Their head office approves payments twice a month only; agreed when the contract was renewed.",
        by=mei,
        now=now - timedelta(days=40),
    )


def propose_due(session: Session, *, now: datetime) -> None:
    """The daily run of two days ago asked the leads about every suspension that was due."""
    at = now - _WAITING_SINCE
    for standing in standings(session, now=at, calendar=None):
        if standing.action.step is Step.PROPOSE_SUSPENSION and standing.suspension is None:
            propose_suspension(
                session,
                standing.subscription,
                reason=SuspensionReason.NON_PAYMENT,
                explanation="",
                by=None,
                now=at,
            )


def _promises(session: Session, by: User, *, now: datetime) -> None:
    """Hailan kept its first promise and gave a second; Lanting broke its own."""
    hailan, lanting = _customer(session, "hailan"), _customer(session, "lanting")
    invoice, rest = overdue_undisputed(session, hailan.id, today=now.date())[0]
    _promise(session, hailan, _paid(invoice), days=(-1, 3), said_by="孙浩", by=by, of=invoice)
    month_end = (now.date().replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    until = month_end if month_end > now.date() else now.date() + timedelta(days=5)
    write_promise(session, hailan, amount=rest, promised_on=until, said_by="孙浩", by=by, now=now - timedelta(days=6))
    invoice, due = overdue_undisputed(session, lanting.id, today=now.date())[0]
    _promise(session, lanting, due, days=(11, 19), said_by="王芳", by=by, of=invoice)


def _promise(
    session: Session,
    customer: Customer,
    amount: Money,
    *,
    days: tuple[int, int],
    said_by: str,
    by: User,
    of: Invoice,
) -> None:
    """Said and to be kept so many days after the due date."""
    said_on, until = (of.due_on + timedelta(days=count) for count in days)
    write_promise(session, customer, amount=amount, promised_on=until, said_by=said_by, by=by, now=noon(said_on))


def _paid(invoice: Invoice) -> Money:
    return balance_of(invoice).paid


def _customer(session: Session, slug: str) -> Customer:
    tenant = next(each.tenant_id for each in ORGANISATIONS if each.slug == slug)
    return session.scalars(select(Customer).where(Customer.tenant_id == tenant)).one()
