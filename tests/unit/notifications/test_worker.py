"""The worker: periodic jobs once a slot, mail at once, a clean end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import jobs
from helpdesk.clock import utc_now
from helpdesk.config import ROOT, Settings
from helpdesk.extensions import db
from helpdesk.jobs import Daily, Every, PeriodicRun, WorkerBeat
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.notifications.queries import worker_is_late
from helpdesk.periodic import load_jobs, run_job
from helpdesk.pump import note_sign_of_life
from helpdesk.worker import PATIENCE, make_queue, run_once
from tests.cast import make_cast
from tests.unit.notifications.conftest import put

SLOW_MACHINE = 6.0
"""Seconds that a busy machine may need to end a process, beside the patience of the worker."""
WORKER = """
from helpdesk.app import create_app
from helpdesk.worker import run_worker
app = create_app()
print("ready", flush=True)
run_worker(app)
"""


@pytest.fixture
def done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the only job of this test, `count` (every ten minutes), was done."""
    load_jobs(app)
    done: list[datetime] = []
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register("count", Every(minutes=10), lambda _session, now: done.append(now))
    return done


def test_slots_cut_the_time_into_pieces(now: datetime) -> None:
    every = Every(minutes=15)

    assert every.slot(now) == every.slot(now + timedelta(minutes=14, seconds=59))
    assert every.slot(now) != every.slot(now + timedelta(minutes=15))


def test_a_daily_slot_begins_at_its_hour_in_its_zone() -> None:
    daily = Daily(at=clock_time(9, 0), zone="Asia/Shanghai")

    assert daily.slot(datetime(2026, 11, 24, 0, 59, tzinfo=UTC)) == "2026-11-23"
    assert daily.slot(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == "2026-11-24"
    assert daily.slot(datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == "2026-11-24"


def test_a_job_is_done_once_a_slot_and_once_only_after_a_week_of_standstill(
    house: Flask, done: list[datetime], now: datetime
) -> None:
    for at in (now, now + timedelta(minutes=9), now + timedelta(minutes=10), now + timedelta(days=7)):
        run_job(house, "count", now=at)
        run_job(house, "count", now=at)

    assert done == [now, now + timedelta(minutes=10), now + timedelta(days=7)]


def test_workers_that_look_at_the_same_time_do_a_job_once(house: Flask, done: list[datetime], now: datetime) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _worker: run_job(house, "count", now=now), range(4)))

    assert sorted(answers) == [False, False, False, True]
    with house.app_context(), db.sessionmaker() as session:
        assert len(session.scalars(select(PeriodicRun)).all()) == 1


def test_a_job_that_fails_leaves_nothing_behind_and_is_tried_again(
    house: Flask, done: list[datetime], now: datetime
) -> None:
    def fail(session: Session, at: datetime) -> None:
        make_cast(session, now=at)
        raise RuntimeError("in the middle")

    jobs.register("count", Every(minutes=10), fail)
    assert not run_job(house, "count", now=now)
    jobs.register("count", Every(minutes=10), lambda _session, at: done.append(at))

    assert run_job(house, "count", now=now)
    with house.app_context(), db.sessionmaker() as session:
        assert session.scalars(select(OutboxMessage)).all() == []
    assert done == [now]


def test_what_a_job_asks_of_the_applications_own_session_does_not_wait_for_the_job(
    house: Flask, done: list[datetime], now: datetime
) -> None:
    def ask(session: Session, at: datetime) -> None:
        make_cast(session, now=at)
        assert db.session.scalars(select(OutboxMessage)).all() == []
        session.flush()
        done.append(at)

    jobs.register("count", Every(minutes=10), ask)

    assert run_job(house, "count", now=now)
    assert done == [now]


def test_every_slices_jobs_are_found(app: Flask) -> None:
    load_jobs(app)

    assert "accounts.forget_sign_in_attempts" in {job.name for job in jobs.all_jobs()}


def test_one_run_sends_all_mail_and_does_all_jobs(
    house: Flask, full_outbox: int, done: list[datetime], now: datetime
) -> None:
    run_once(house, now)

    settings: Settings = house.config["HELPDESK"]
    assert len(list((settings.var / "mail").glob("*.eml"))) == full_outbox
    assert done == [now]


def test_a_worker_that_ended_yesterday_is_forgotten(house: Flask, now: datetime) -> None:
    with house.app_context(), db.sessionmaker.begin() as session:
        note_sign_of_life(session, "a:1", now=now - timedelta(days=2))
        note_sign_of_life(session, "b:2", now=now)
        note_sign_of_life(session, "b:2", now=now + timedelta(seconds=10))

        assert [beat.name for beat in session.scalars(select(WorkerBeat))] == ["b:2"]
        assert not worker_is_late(session, now + timedelta(seconds=30))


def test_the_queue_takes_only_what_we_signed(house: Flask) -> None:
    settings: Settings = house.config["HELPDESK"]
    queue = make_queue(settings)
    queue.storage.enqueue(b"not signed by us")

    with pytest.raises(ValueError, match="Separator"):
        queue.dequeue()
    queue.storage.close()


@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
def test_the_process_sends_mail_at_once_and_ends_soon_after_a_signal(house: Flask, stop_signal: signal.Signals) -> None:
    settings: Settings = house.config["HELPDESK"]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=os.environ
        | {
            "HELPDESK_VAR": str(settings.var),
            "HELPDESK_DATABASE_URL": settings.database_url,
            "HELPDESK_SECRET_KEY": settings.secret_key,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        worker.stdout.readline()
        with house.app_context(), db.sessionmaker.begin() as session:
            put(session, make_cast(session, now=utc_now()).tom, now=utc_now())
        assert wait_until_sent(house)
        begun = time.monotonic()
        worker.send_signal(stop_signal)
        code = worker.wait(timeout=60)
        seconds = time.monotonic() - begun
        words = worker.stderr.read().decode()

    assert (code, seconds < PATIENCE + SLOW_MACHINE) == (0, True), words
    assert "worker_stopped" in words
    assert "Traceback" not in words


def wait_until_sent(house: Flask) -> bool:
    """Whether the mail goes out before patience does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with house.app_context(), db.sessionmaker() as session:
            states = set(session.scalars(select(OutboxMessage.state)))
            late = worker_is_late(session, utc_now())
        if states == {OutboxState.SENT} and not late:
            return True
        time.sleep(0.2)
    return False
