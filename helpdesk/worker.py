"""What happens beside the web: mail goes out, the search index follows, periodic jobs run; until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread, current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import Final

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from helpdesk.clock import utc_now
from helpdesk.config import Settings
from helpdesk.demo.safety import refuse_demonstration
from helpdesk.jobs import Loop, all_jobs, all_loops
from helpdesk.periodic import load_jobs, run_job
from helpdesk.pump import Pump

log = structlog.get_logger(__name__)
JOB_SECONDS: Final = 60
"""How often each periodic job is looked at; its own schedule says whether it is due."""
PATIENCE: Final = 1.5
"""Seconds that running work gets to end after a signal; what does not end is undone or tried again."""
HEALTH_SECONDS: Final = 10
LOOP_PAUSE: Final = 1.0


class _RotatingSerializer(SignedSerializer):
    """Signs entries of the queue with the first key, and reads those that an earlier one signed."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(secret=keys[0], salt="helpdesk queue")
        self._older = [SignedSerializer(secret=key, salt="helpdesk queue") for key in keys[1:]]

    def _unsign(self, signed: bytes) -> bytes:
        for older in self._older:
            try:
                return bytes(older._unsign(signed))  # noqa: SLF001 - huey offers no other way
            except ValueError:
                continue
        return bytes(super()._unsign(signed))


def make_queue(settings: Settings) -> Huey:
    """The queue: a SQLite file of its own in `var`, or Redis by `HELPDESK_QUEUE_URL`; its entries are signed."""
    serializer = _RotatingSerializer(settings.secrets())
    if settings.queue_url:
        return RedisHuey("helpdesk", url=settings.queue_url, serializer=serializer, results=False)
    return SqliteHuey(
        "helpdesk",
        filename=str(settings.var / "queue.db"),
        journal_mode="truncate",  # Python's own SQLite may have the WAL-reset bug
        serializer=serializer,
        results=False,
    )


class _Consumer(Consumer):
    """huey's consumer, which leaves signals to us."""

    def _set_signal_handlers(self) -> None:
        """Set none: `run_worker` listens, and may itself run in a thread."""


def _schedule_jobs(queue: Huey, app: Flask) -> None:
    """Have huey look at every job once a minute; a look that comes too late is dropped, the next one does it."""
    for job in all_jobs():

        def look(name: str = job.name) -> None:
            run_job(app, name, now=utc_now())

        queue.periodic_task(lambda _at: True, name=job.name, expires=JOB_SECONDS)(look)


def run_worker(app: Flask, stop: Event | None = None) -> None:
    """Work until `stop` is set or SIGTERM or SIGINT comes; then end within two seconds. Several may run at once."""
    stop = stop or Event()
    refuse_demonstration(app)
    load_jobs(app)
    settings: Settings = app.config["HELPDESK"]
    queue = make_queue(settings)
    _schedule_jobs(queue, app)
    consumer = _Consumer(queue, workers=1, periodic=True, max_delay=2.0)
    pump = Pump(app, name=f"{socket.gethostname()}:{os.getpid()}")
    threads = [Thread(target=pump.run, args=(stop,), name="pump", daemon=True)]
    threads += [Thread(target=_run_loop, args=(app, loop, stop), name=loop.name, daemon=True) for loop in all_loops()]
    with _signals_set(stop):
        consumer.start()
        for thread in threads:
            thread.start()
        log.info("worker_started", jobs=[job.name for job in all_jobs()])
        _watch(consumer, stop)
        consumer.stop()
        _join([*threads, consumer.scheduler, *(worker for _, worker in consumer.worker_threads)])
    log.info("worker_stopped")


def _run_loop(app: Flask, loop: Loop, stop: Event) -> None:
    """Do one piece after the other; a failure is noted, and tried again."""
    while not stop.is_set():
        try:
            busy = loop.step(app)
        except Exception:
            log.exception("loop_failed", loop=loop.name)
            busy = False
        if not busy:
            stop.wait(LOOP_PAUSE)


def _watch(consumer: Consumer, stop: Event) -> None:
    """Wait for the end; replace a huey thread that died."""
    while not stop.wait(HEALTH_SECONDS):
        consumer.check_worker_health()


def _join(threads: list[Thread]) -> None:
    deadline = monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))


@contextmanager
def _signals_set(stop: Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stop`, where this is the main thread; give them back afterwards."""
    if current_thread() is not main_thread():
        yield
        return

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_once(app: Flask, now: datetime) -> None:
    """Do everything that is due at `now`, once, in this thread: for tests and for the demonstration data."""
    load_jobs(app)
    for job in all_jobs():
        run_job(app, job.name, now=now)
    for loop in all_loops():
        while loop.step(app):
            pass
    Pump(app, name="once").drain(now)
