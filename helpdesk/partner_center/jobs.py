"""Reading Partner Center by itself, where it is set up: one worker at a time, every so many hours."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

import structlog
from flask import Flask

from helpdesk.clock import utc_now
from helpdesk.config import Settings
from helpdesk.db import only_read, writing
from helpdesk.extensions import db
from helpdesk.jobs import register_loop
from helpdesk.partner_center.errors import PartnerCenterError, StoppedUnexpectedly
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.reading import read_customers, read_invoices
from helpdesk.partner_center.turns import Turn, is_due, note_failed, note_read, show_life, take_turn
from helpdesk.partner_center.wiring import partner_center

log = structlog.get_logger(__name__)


def read_when_due(
    app: Flask,
    client_of: Callable[[Settings], PartnerCenter] = partner_center,
    clock: Callable[[], datetime] = utc_now,
) -> bool:
    """Read customers, subscriptions and invoices if it is time; says whether it was. Off unless it is set up."""
    settings: Settings = app.config["HELPDESK"]
    if settings.partner_center_api != "on":
        return False
    with app.app_context():
        turn = _turn(clock)
        if turn is None:
            return False
        _read(turn, lambda: client_of(settings), timedelta(hours=settings.partner_center_every_hours), clock)
    return True


def _turn(clock: Callable[[], datetime]) -> Turn | None:
    only_read()
    try:
        with db.sessionmaker() as session:
            if not is_due(session, now=clock()):
                return None
    finally:
        only_read(on=False)
    with writing(), db.sessionmaker.begin() as session:
        return take_turn(session, worker=f"{socket.gethostname()}:{os.getpid()}", now=clock())


def _read(turn: Turn, client_of: Callable[[], PartnerCenter], every: timedelta, clock: Callable[[], datetime]) -> None:
    problem: PartnerCenterError | None = None
    figures: dict[str, int] = {}
    try:
        client = client_of()
        people = read_customers(db.sessionmaker, client, now=clock(), tell=lambda _name: _show_life(turn, clock))
        bills = read_invoices(db.sessionmaker, client, now=clock())
        figures = {**asdict(people), **asdict(bills), "skipped": people.skipped + bills.skipped}
    except PartnerCenterError as refusal:
        problem = refusal
    except Exception:
        log.exception("partner_center_reading_failed")
        problem = StoppedUnexpectedly()
    with writing(), db.sessionmaker.begin() as session:
        if problem is None:
            note_read(session, turn, figures=figures, every=every, now=clock())
            return
        note_failed(session, turn, problem, every=every, now=clock())


def _show_life(turn: Turn, clock: Callable[[], datetime]) -> None:
    with writing(), db.sessionmaker.begin() as session:
        show_life(session, turn, now=clock())


register_loop("partner_center.reading", read_when_due)
