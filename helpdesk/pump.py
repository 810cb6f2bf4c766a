"""The quick loop of the worker: twice a second, send what is due and index what changed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec
from threading import Event
from typing import Final

import structlog
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.config import Settings
from helpdesk.db import writing
from helpdesk.extensions import db
from helpdesk.jobs import WorkerBeat
from helpdesk.notifications.breaker import Breaker
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.transports import Transport, transport_for

log = structlog.get_logger(__name__)
PAUSE: Final = 0.5
PAUSE_AFTER_FAILURE: Final = 5.0
BEAT_EVERY: Final = timedelta(seconds=10)
BEAT_KEPT: Final = timedelta(days=1)


class Pump:
    """Keeps mail and search index moving; one failing step never stops the other."""

    def __init__(self, app: Flask, *, name: str, transport: Transport | None = None) -> None:
        """Work for `app`; `name` tells this worker from others."""
        settings: Settings = app.config["HELPDESK"]
        self._app = app
        self._name = name
        self._transport = transport or transport_for(settings)
        self._breaker = Breaker()
        self._beat_at: datetime | None = None
        self._told_pause: datetime | None = None

    def run(self, stop: Event) -> None:
        """Pump until told to stop."""
        while not stop.is_set():
            stop.wait(PAUSE if self.turn() else PAUSE_AFTER_FAILURE)

    def turn(self) -> bool:
        """Send what is due, index what changed, and say how that went; whether every step was done."""
        return self._step("mail", self._send) & self._step("index", self._index) & self._step("beat", self._beat)

    def drain(self, now: datetime) -> None:
        """Send everything that is due at `now` and index everything that changed."""
        self._breaker = Breaker()
        while self._send(now):
            pass
        self._index(now)

    def _step(self, name: str, step: Callable[[datetime], object]) -> bool:
        try:
            step(utc_now())
        except Exception:
            log.exception("pump_step_failed", step=name)
            return False
        return True

    def _send(self, now: datetime) -> int:
        with self._app.app_context():
            return deliver_due(db.sessionmaker, self._transport, now=now, breaker=self._breaker)

    def _index(self, now: datetime) -> None:
        del now
        if find_spec("helpdesk.search.jobs") is not None:
            importlib.import_module("helpdesk.search.jobs").index_once(self._app)

    def _beat(self, now: datetime) -> None:
        """Give a sign of life, not more often than needed; at once where the mail server went away or came back."""
        pause = self._breaker.open_until
        if self._beat_at is not None and now - self._beat_at < BEAT_EVERY and pause == self._told_pause:
            return
        with self._app.app_context(), writing(), db.sessionmaker.begin() as session:
            note_sign_of_life(session, self._name, now=now, breaker=self._breaker)
        self._beat_at, self._told_pause = now, pause


def note_sign_of_life(session: Session, name: str, *, now: datetime, breaker: Breaker | None = None) -> None:
    """Write down that the worker of that name runs and whether its mail waits; forget those that ended long ago."""
    breaker = breaker or Breaker()
    session.execute(delete(WorkerBeat).where(WorkerBeat.at < now - BEAT_KEPT))
    beat = WorkerBeat(name=name, at=now, mail_paused_until=breaker.open_until, mail_error=breaker.error[:500] or None)
    session.merge(beat)
    session.flush()
