"""Periodic jobs: slices register them, the worker runs each once a slot, however many workers there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.db import Base

Work = Callable[[Session, datetime], object]
"""What a job does, in one transaction that the worker commits; a job that raises has done nothing."""


class PeriodicRun(Base):
    """One job was done for one slot; unique, so several workers do no double work."""

    __tablename__ = "periodic_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    slot: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("name", "slot"),)


class WorkerBeat(Base):
    """When a worker last said that it runs."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    at: Mapped[datetime]
    mail_paused_until: Mapped[datetime | None]
    """While its mail server cannot be reached: when it tries again."""
    mail_error: Mapped[str | None] = mapped_column(sa.Text)


class Schedule(Protocol):
    """Cuts time into slots; a job runs once in each."""

    def slot(self, now: datetime) -> str:
        """The name of the slot that holds `now`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Once in so many minutes."""

    minutes: int

    def slot(self, now: datetime) -> str:
        """The start of the slot, in UTC."""
        start = int(now.timestamp()) // (self.minutes * 60) * self.minutes * 60
        return f"{start}"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at a time of the clock in a zone; a worker that was down does the last day's run, once."""

    at: time
    zone: str = "Asia/Shanghai"

    def slot(self, now: datetime) -> str:
        """The day whose time has come last."""
        local = now.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
        return day.isoformat()


@dataclass(frozen=True, slots=True)
class Job:
    """A named piece of work and when it is due."""

    name: str
    schedule: Schedule
    work: Work


_jobs: Final[dict[str, Job]] = {}


def register(name: str, schedule: Schedule, work: Work) -> Job:
    """Have `work(session, now)` done by the worker once in each slot of `schedule`.

    A slice does it at the bottom of its `jobs.py`:
    `register("collections.dunning", Daily(at=time(8, 0)), run_dunning)`.
    """
    job = Job(name, schedule, work)
    _jobs[name] = job
    return job


def all_jobs() -> list[Job]:
    """Every registered job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that comes by rows and may take minutes: the worker gives it a thread of its own."""

    name: str
    step: Callable[[Flask], bool]
    """Does the next piece and says whether there was one; commits by itself, and can be killed at any point."""


_loops: Final[dict[str, Loop]] = {}


def register_loop(name: str, step: Callable[[Flask], bool]) -> Loop:
    """Have `step(app)` called again and again by the worker, at once after it did something, else once a second."""
    loop = Loop(name, step)
    _loops[name] = loop
    return loop


def all_loops() -> list[Loop]:
    """Every registered loop, by name."""
    return [_loops[name] for name in sorted(_loops)]
