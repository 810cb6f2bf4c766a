"""Several workers, and workers that are killed: nothing is lost and nothing goes out twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from helpdesk.config import ROOT, Settings
from helpdesk.extensions import db
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.notifications.transports import FolderTransport, MemoryTransport

KILLS = 5


def states(house: Flask) -> Counter[OutboxState]:
    """How many mails are in which state."""
    with house.app_context(), db.sessionmaker() as session:
        return Counter(session.scalars(select(OutboxMessage.state)))


def test_two_workers_on_two_connections_never_send_the_same_mail(house: Flask, full_outbox: int, now: datetime) -> None:
    def work(transport: MemoryTransport) -> None:
        with house.app_context():
            while deliver_due(db.sessionmaker, transport, now=now, limit=7):
                pass

    transports = [MemoryTransport(), MemoryTransport(), MemoryTransport()]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, transports))

    sent = Counter(mail["Message-ID"] for transport in transports for mail in transport.sent)
    assert (len(sent), max(sent.values())) == (full_outbox, 1)
    assert states(house) == {OutboxState.SENT: full_outbox}


def killed_again_and_again(settings: Settings, at: datetime, *, lives: int) -> list[int]:
    """Run so many worker processes, one after the other, each killed at some point; how each ended."""
    environment = {
        **os.environ,
        "HELPDESK_VAR": str(settings.var),
        "HELPDESK_DATABASE_URL": settings.database_url,
        "HELPDESK_SECRET_KEY": settings.secret_key,
        "HELPDESK_LOG_LEVEL": "CRITICAL",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    script = Path(__file__).with_name("killed_worker.py")
    command = [sys.executable, str(script), at.isoformat(), str(lives), "9"]
    answer = subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=300, capture_output=True)
    return [int(line) for line in answer.stdout.split()]


def test_a_worker_killed_at_any_point_loses_nothing_and_doubles_nothing(
    house: Flask, full_outbox: int, now: datetime
) -> None:
    settings: Settings = house.config["HELPDESK"]

    ends = killed_again_and_again(settings, now, lives=KILLS)
    assert ends == [-signal.SIGKILL] * KILLS
    assert states(house)[OutboxState.QUEUED] < full_outbox

    folder = FolderTransport(settings.var / "mail")
    with house.app_context():
        while deliver_due(db.sessionmaker, folder, now=now + timedelta(days=1)):
            pass

    assert states(house) == {OutboxState.SENT: full_outbox}
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (settings.var / "mail").glob("*.eml")]
    assert Counter(mail["Message-ID"] for mail in mails) == dict.fromkeys(identifiers(house), 1)


def identifiers(house: Flask) -> list[str]:
    """The Message-IDs that must have gone out."""
    with house.app_context(), db.sessionmaker() as session:
        return [message.delivery.mail_message_id for message in session.scalars(select(OutboxMessage))]
