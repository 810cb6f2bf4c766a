"""A whole year with two hundred customers, and the same year with two workers at once: no promise is broken."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Barrier
from typing import Final

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.collections.jobs import DUNNING, SETTLING, settle_paid_notices
from helpdesk.collections.models import NoticeState, StageKind, SuspensionCase, SuspensionNotice
from helpdesk.extensions import db, migrations
from helpdesk.jobs import PeriodicRun
from helpdesk.notifications.models import OutboxMessage
from helpdesk.periodic import load_jobs, run_job
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.unit.collections.year import Evidence, World, broken_promises, gather, one_worker, simulate

CUSTOMERS: Final = 200
TOGETHER: Final = int(os.environ.get("HELPDESK_YEAR_CUSTOMERS", "20"))
"""Customers of the year with two workers; the whole two hundred on demand, because it takes minutes."""

Line = tuple[str, StageKind, NoticeState, date, date, date, int]


@contextmanager
def installation(folder: Path, name: str) -> Iterator[Flask]:
    """An installation with a database of its own."""
    folder.mkdir()
    url = fresh_database_url(folder, name)
    house = create_app(make_settings(folder, url), TESTING=True)
    with house.app_context():
        migrations.upgrade()
    load_jobs(house)
    try:
        yield house
    finally:
        with house.app_context():
            db.engine.dispose()
        drop_database(url)


def test_in_a_whole_year_no_promise_is_broken(tmp_path: Path, worker_name: str) -> None:
    """In a database of its own: every mail is a savepoint, and PostgreSQL keeps a lock for each until a commit."""
    with (
        installation(tmp_path / "year", f"{worker_name}_year") as house,
        house.app_context(),
        db.sessionmaker() as session,
    ):
        world = simulate(session, one_worker(session), customers=CUSTOMERS)
        _check_the_year(gather(session, world), world)


def _check_the_year(evidence: Evidence, world: World) -> None:
    assert list(broken_promises(evidence, world)) == []
    habits = {sub.id: world.habits[sub.customer_id] for sub in world.subscriptions}
    reached = defaultdict(set)
    for subscription, stage, _on in evidence.notices:
        reached[habits[subscription]].add(stage)
    assert reached["well"] == set()
    assert reached["late"] == {StageKind.REMINDER, StageKind.SECOND_REMINDER}
    assert StageKind.SUSPENSION in reached["never"]
    suspended = {habits[subscription] for subscription, _on in evidence.suspended}
    assert {"never", "very_late"} <= suspended
    assert not suspended & {"well", "late", "partly", "disputes"}
    spring = [on for subscription, on in evidence.suspended if habits[subscription] == "bounces" and on.month < 6]
    assert spring == []
    active = {s.id for s in world.subscriptions if s.state is SubscriptionState.ACTIVE}
    assert {s.id for s in world.subscriptions if habits[s.id] in {"well", "late", "partly", "disputes"}} <= active


def two_workers(house: Flask, pool: ThreadPoolExecutor, done: list[str]) -> Callable[[datetime], None]:
    """Two workers with connections of their own, who begin at the same moment, each with the other's last job."""
    together = Barrier(2)

    def work(now: datetime, jobs: tuple[str, str]) -> None:
        together.wait(timeout=60)
        done.extend([name for name in jobs if run_job(house, name, now=now)])

    def both(now: datetime) -> None:
        for each in [pool.submit(work, now, order) for order in ((DUNNING, SETTLING), (SETTLING, DUNNING))]:
            each.result()

    return both


def lines_of(session: Session) -> list[Line]:
    """Every notice of the year, by what it says."""
    statement = (
        select(SuspensionNotice, Subscription.portal_subscription_id)
        .join(Subscription, Subscription.id == SuspensionNotice.subscription_id)
        .order_by(Subscription.portal_subscription_id, SuspensionNotice.id)
    )
    return [
        (
            name,
            notice.stage,
            notice.state,
            notice.issued_at.date(),
            notice.access_changes_on,
            notice.data_deleted_on,
            notice.amount_stated.minor,
        )
        for notice, name in session.execute(statement)
    ]


def twice_said(session: Session) -> dict[tuple[str, str], int]:
    """What the trail says more than once of one notice or case."""
    count = func.count()
    statement = (
        select(AuditEntry.action, AuditEntry.object_id, count)
        .where(AuditEntry.object_type.in_(["notice", "suspension_case"]))
        .group_by(AuditEntry.action, AuditEntry.object_id)
        .having(count > 1)
    )
    return {(action, number): times for action, number, times in session.execute(statement)}


def mails_of(session: Session) -> Counter[str]:
    """How many mails of each kind there were."""
    statement = select(OutboxMessage.kind, func.count()).group_by(OutboxMessage.kind)
    return Counter({row[0]: row[1] for row in session.execute(statement)})


def year_of_one(house: Flask) -> tuple[list[Line], Counter[str], int]:
    """The year with one worker."""
    with house.app_context(), db.sessionmaker() as session:
        dun = one_worker(session)

        def work(now: datetime) -> None:
            dun(now)
            settle_paid_notices(session, now)

        simulate(session, work, customers=TOGETHER)
        return lines_of(session), mails_of(session), len(session.scalars(select(SuspensionCase)).all())


def test_two_workers_at_once_give_the_same_notices_in_the_same_year(tmp_path: Path, worker_name: str) -> None:
    done: list[str] = []
    with installation(tmp_path / "one", f"{worker_name}_one") as house:
        expected = year_of_one(house)

    with (
        installation(tmp_path / "two", f"{worker_name}_two") as house,
        ThreadPoolExecutor(2) as pool,
        house.app_context(),
        db.sessionmaker() as session,
    ):
        world: World = simulate(session, two_workers(house, pool, done), customers=TOGETHER)
        found = lines_of(session), mails_of(session), len(session.scalars(select(SuspensionCase)).all())

        assert found == expected
        assert len(expected[0]) > TOGETHER
        assert list(broken_promises(gather(session, world), world)) == []
        assert twice_said(session) == {}
        slots = session.scalars(select(PeriodicRun.slot).where(PeriodicRun.name == DUNNING)).all()
        assert (done.count(DUNNING), len(slots)) == (355, 355)
