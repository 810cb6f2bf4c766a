"""Two people change one thing at once, each over a connection of their own: one wins, the other is told why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.app import create_app
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import Invoice, InvoiceStatus, Subscription
from helpdesk.billing.rules.invoices import InvoiceCannotChange, InvoiceHasPayments, InvoiceNotPayable, PaymentKnown
from helpdesk.billing.services import issue_invoice, record_payment, void_invoice
from helpdesk.collections.models import CollectionsHold, StageKind, SuspensionCase, SuspensionNotice, SuspensionReason
from helpdesk.collections.rules.cases import CaseCannotMove, CaseIsOpen, OrderIsOpen
from helpdesk.collections.rules.notices import NoticeEnded, SuspensionStands
from helpdesk.collections.rules.steering import HoldEnded
from helpdesk.collections.services import (
    acknowledge,
    approve_suspension,
    ask_reactivation,
    confirm_reactivation,
    confirm_suspension,
    drop_case,
    propose_suspension,
)
from helpdesk.collections.services.amending import correct_notice, take_back
from helpdesk.collections.services.orders import order_change
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.collections.services.steering import place_hold, release_hold
from helpdesk.db import Base, writing
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.money import Money
from tests.cast import Cast, make_cast
from tests.conftest import NOW, drop_database, fresh_database_url, make_settings
from tests.unit.collections.making import add_debt, issue_up_to
from tests.unit.collections.ordering import approved, arrive

LATER: Final = NOW + timedelta(minutes=5)
SLOW: Final = 0.3
"""Seconds in which the second one surely comes to where it must wait."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What one of the two has in hand: rows that it loaded for itself."""

    session: Session
    rows: dict[type[Any], int]
    tom: User
    mei: User
    root: User
    wang_fang: User

    def only(self, kind: type[Any]) -> Any:
        """The row that both are about."""
        return self.session.get_one(kind, self.rows[kind])


Deed = Callable[[Hands], None]


def the_case(hands: Hands) -> SuspensionCase:
    found: SuspensionCase = hands.only(SuspensionCase)
    assert found.notice is None or found.notice.id  # loaded, as the page of the case has it
    assert found.subscription.id
    return found


def propose(hands: Hands) -> None:
    propose_suspension(
        hands.session,
        hands.only(Subscription),
        reason=SuspensionReason.NON_PAYMENT,
        explanation="",
        by=hands.tom,
        now=LATER,
    )


def approve(hands: Hands) -> None:
    approve_suspension(hands.session, the_case(hands), by=hands.mei, now=LATER)


def drop(hands: Hands) -> None:
    drop_case(hands.session, the_case(hands), reason="They called.", by=hands.root, now=LATER)


def confirm(hands: Hands) -> None:
    confirm_suspension(hands.session, the_case(hands), seen="Suspended", by=hands.tom, now=LATER)


def note_suspended(hands: Hands) -> None:
    record_suspended(hands.session, the_case(hands), seen="Suspended", by=hands.tom, now=LATER)


def reactivate(hands: Hands) -> None:
    confirm_reactivation(hands.session, the_case(hands), seen="Active", by=hands.tom, now=LATER)


def ask_back(hands: Hands) -> None:
    ask_reactivation(hands.session, the_case(hands), by=hands.tom, now=LATER)


def order(hands: Hands) -> None:
    order_change(hands.session, the_case(hands), by=hands.mei, now=LATER)


def withdraw(hands: Hands) -> None:
    until = date(2026, 12, 1)
    take_back(hands.session, hands.only(SuspensionNotice), reason="Wrong.", until=until, by=hands.mei, now=LATER)


def correct(hands: Hands) -> None:
    notice: SuspensionNotice = hands.only(SuspensionNotice)
    correct_notice(hands.session, notice, reason="Wrong.", by=hands.mei, now=LATER, calendar=None)


def read_it(hands: Hands) -> None:
    acknowledge(hands.session, hands.only(SuspensionNotice), by=hands.wang_fang, now=LATER)


def release(hands: Hands) -> None:
    release_hold(hands.session, hands.only(CollectionsHold), by=hands.mei, now=LATER)


def pay(hands: Hands) -> None:
    invoice: Invoice = hands.only(Invoice)
    record_payment(hands.session, invoice, amount=Money(16500), on=NOW.date(), reference="B-1", by=hands.tom, now=LATER)


def void(hands: Hands) -> None:
    void_invoice(hands.session, hands.only(Invoice), by=hands.mei, now=LATER)


def issue(hands: Hands) -> None:
    issue_invoice(hands.session, hands.only(Invoice), by=hands.mei, now=LATER)


def warned(session: Session, cast: Cast) -> None:
    debt = add_debt(session, cast, now=NOW, days_overdue=30)
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=NOW)
    arrive(session)


def proposed(session: Session, cast: Cast) -> None:
    warned(session, cast)
    subscription = session.scalars(select(Subscription)).one()
    propose_suspension(session, subscription, reason=SuspensionReason.NON_PAYMENT, explanation="", by=cast.tom, now=NOW)


def approved_now(session: Session, cast: Cast) -> None:
    approved(session, cast, now=NOW)


def suspended(session: Session, cast: Cast) -> None:
    confirm_suspension(session, approved(session, cast, now=NOW).case, seen="Suspended", by=cast.tom, now=NOW)


def wanted_back(session: Session, cast: Cast) -> None:
    case = approved(session, cast, now=NOW).case
    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=NOW)
    ask_reactivation(session, case, by=cast.tom, now=NOW)


def held(session: Session, cast: Cast) -> None:
    place_hold(session, cast.lanting, until=date(2026, 12, 24), reason="Wait.", by=cast.mei, now=NOW)


def drafted(session: Session, cast: Cast) -> None:
    add_debt(session, cast, now=NOW).invoice.status = InvoiceStatus.DRAFT


RACES: Final[list[tuple[Callable[[Session, Cast], None], Deed, Deed, type[DomainError]]]] = [
    (warned, propose, propose, CaseIsOpen),
    (proposed, approve, approve, CaseCannotMove),
    (proposed, drop, approve, CaseCannotMove),
    (approved_now, confirm, confirm, CaseCannotMove),
    (approved_now, note_suspended, note_suspended, CaseCannotMove),
    (approved_now, confirm, drop, CaseCannotMove),
    (approved_now, drop, confirm, CaseCannotMove),
    (approved_now, order, order, OrderIsOpen),
    (approved_now, withdraw, confirm, CaseCannotMove),
    (approved_now, confirm, withdraw, SuspensionStands),
    (wanted_back, reactivate, reactivate, CaseCannotMove),
    (wanted_back, order, order, OrderIsOpen),
    (suspended, reactivate, ask_back, CaseCannotMove),
    (warned, withdraw, withdraw, NoticeEnded),
    (warned, correct, withdraw, NoticeEnded),
    (held, release, release, HoldEnded),
    (drafted, issue, issue, InvoiceCannotChange),
    (warned, pay, pay, PaymentKnown),
    (warned, pay, void, InvoiceHasPayments),
    (warned, void, pay, InvoiceNotPayable),
]


@pytest.fixture
def house(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application whose people have connections of their own."""
    url = fresh_database_url(tmp_path, f"two_{worker_name}")
    app = create_app(make_settings(tmp_path, url), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def newest(app: Flask) -> dict[type[Any], int]:
    """The rows that both are about, by their ids."""
    kinds = (SuspensionCase, SuspensionNotice, CollectionsHold, Subscription, Invoice)
    with app.app_context():
        return {kind: db.session.scalars(select(func.max(kind.id))).one() or 0 for kind in kinds}


@contextmanager
def hands_of(app: Flask, rows: dict[type[Any], int]) -> Iterator[Hands]:
    with app.app_context(), writing(), db.sessionmaker() as session:
        people = {person.email.partition("@")[0]: person for person in session.scalars(select(User))}
        yield Hands(session, rows, people["tom"], people["mei"], people["root"], people["wang.fang"])


def race(app: Flask, first: Deed, second: Deed) -> BaseException | None:
    """Do `first`, and before it is committed begin `second`; what `second` was refused with."""
    done, let_go = Event(), Event()
    rows = newest(app)

    def one() -> None:
        with hands_of(app, rows) as hands:
            first(hands)
            hands.session.flush()
            done.set()
            let_go.wait(5)
            hands.session.commit()

    def two() -> BaseException | None:
        done.wait(5)
        with hands_of(app, rows) as hands:
            try:
                second(hands)
                hands.session.commit()
            except DomainError as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(2) as pool:
        ahead, behind = pool.submit(one), pool.submit(two)
        done.wait(5)
        time.sleep(SLOW)
        let_go.set()
        ahead.result(timeout=20)
        return behind.result(timeout=20)


@pytest.mark.parametrize(
    ("scene", "first", "second", "refusal"), RACES, ids=lambda part: getattr(part, "__name__", "?")
)
def test_of_two_who_change_one_thing_one_wins_and_the_other_gets_a_sentence(
    house: Flask,
    scene: Callable[[Session, Cast], None],
    first: Deed,
    second: Deed,
    refusal: type[DomainError],
) -> None:
    with house.app_context(), writing(), db.sessionmaker() as session:
        scene(session, make_cast(session, now=NOW))
        session.commit()

    refused = race(house, first, second)

    assert type(refused) is refusal


def test_of_two_who_acknowledge_a_notice_the_first_counts(house: Flask) -> None:
    with house.app_context(), writing(), db.sessionmaker() as session:
        warned(session, make_cast(session, now=NOW))
        session.commit()

    assert race(house, read_it, read_it) is None

    with house.app_context():
        told = select(func.count()).where(AuditEntry.action == "notice.acknowledged")
        assert db.session.scalars(told).one() == 1
