"""Running periodic jobs: once a slot, in one transaction with the note that it was done."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime
from importlib.util import find_spec

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import helpdesk
from helpdesk.db import only_read, writing
from helpdesk.extensions import db
from helpdesk.jobs import Job, PeriodicRun, all_jobs

log = structlog.get_logger(__name__)


def load_jobs(app: Flask) -> None:
    """Import every slice's `jobs.py`, which registers what it wants done.

    Where that depends on the partner's time zone, the module offers `schedule(partner_zone)`.
    """
    zone = app.config["HELPDESK"].partner_time_zone
    for slice_ in pkgutil.iter_modules(helpdesk.__path__):
        if slice_.ispkg and find_spec(f"helpdesk.{slice_.name}.jobs") is not None:
            schedule = getattr(importlib.import_module(f"helpdesk.{slice_.name}.jobs"), "schedule", None)
            if schedule is not None:
                schedule(zone)


def run_job(app: Flask, name: str, *, now: datetime) -> bool:
    """Do the job of that name unless its slot is done; returns whether it was done now.

    A job that fails leaves nothing behind and is tried again at the next look.
    """
    job = next(job for job in all_jobs() if job.name == name)
    try:
        with app.app_context(), writing(), db.sessionmaker.begin() as session:
            return _done_in_slot(session, job, now=now)
    except _AlreadyDoneError:
        return False
    except Exception:
        log.exception("job_failed", job=name)
        return False


class _AlreadyDoneError(Exception):
    """Another worker did this slot."""


def _done_in_slot(session: Session, job: Job, *, now: datetime) -> bool:
    slot = job.schedule.slot(now)
    done = select(PeriodicRun.id).where(PeriodicRun.name == job.name, PeriodicRun.slot == slot)
    if session.scalars(done).first() is not None:
        return False
    session.add(PeriodicRun(name=job.name, slot=slot, at=now))
    try:
        session.flush()
    except IntegrityError as error:
        raise _AlreadyDoneError from error
    only_read()  # the job's own session has begun to write: any other one, as for a live value, must not wait for it
    job.work(session, now)
    log.info("job_done", job=job.name, slot=slot)
    return True
