"""Figures of the mail slice: parsing, delivery, and workers that are killed.

Everything happens in a folder of its own that is forgotten afterwards.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.intake.parsing import parse
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.models import Delivery
from helpdesk.notifications.smtp import SmtpTransport, parse_mail_url
from helpdesk.notifications.transports import FolderTransport
from tests.cast import Cast, make_cast
from tests.conftest import make_settings
from tests.unit.notifications.conftest import put
from tests.unit.notifications.test_many_workers import killed_again_and_again

MAILS = 500
KILLS = 200
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def typical_mail() -> bytes:
    """A Chinese mail with text, HTML and a slip of 100 kB."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "王芳 <wang.fang@lanting.example>", "billing@partner.example"
    mail["Subject"] = "关于发票 INV-2026-0042 的付款凭证"
    mail.set_content("您好，付款凭证见附件，请查收。\n" * 20)
    mail.add_alternative("<p>您好，付款凭证见附件，请查收。</p>" * 20, subtype="html")
    mail.add_attachment(b"%PDF-" + bytes(100_000), maintype="application", subtype="pdf", filename="凭证.pdf")
    return mail.as_bytes()


def parsed_a_second() -> float:
    """How many typical mails are read in a second."""
    raw = typical_mail()
    begun = time.perf_counter()
    for _ in range(MAILS):
        parse(raw)
    return MAILS / (time.perf_counter() - begun)


def house_in(folder: Path) -> Flask:
    """An installation with a full outbox."""
    app = create_app(make_settings(folder, f"sqlite:///{folder / 'bench.db'}"), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with db.sessionmaker.begin() as session:
            fill(session, make_cast(session, now=NOW))
    return app


def fill(session: Session, cast: Cast) -> None:
    """Queue the mails."""
    people = (cast.wang_fang, cast.sato, cast.tom)
    for number in range(MAILS):
        put(session, people[number % 3], now=NOW, key=str(number), group=f"ticket:{number % 50}")


def delivered_a_second(folder: Path) -> float:
    """How many mails a second reach a local SMTP server, rendering and database included."""
    app = house_in(folder)
    server = Controller(Sink(), hostname="127.0.0.1", port=8925)
    server.start()
    sent, begun = 0, time.perf_counter()
    with app.app_context():
        while done := deliver_due(db.sessionmaker, SmtpTransport(parse_mail_url("smtp://127.0.0.1:8925")), now=NOW):
            sent += done
    seconds = time.perf_counter() - begun
    server.stop()
    return sent / seconds


def killed(folder: Path) -> str:
    """Kill many workers, finish their work, and say what is missing or doubled."""
    app = house_in(folder)
    settings = app.config["HELPDESK"]
    ends = killed_again_and_again(settings, NOW, lives=KILLS)
    with app.app_context():
        while deliver_due(db.sessionmaker, FolderTransport(settings.var / "mail"), now=NOW + timedelta(days=3)):
            pass
        with db.sessionmaker() as session:
            wanted = set(session.scalars(select(Delivery.mail_message_id)))
    paths = (settings.var / "mail").glob("*.eml")
    found = Counter(message_from_bytes(path.read_bytes())["Message-ID"] for path in paths)
    doubled = sum(count - 1 for count in found.values())
    return f"{len(ends)} kills ({Counter(ends)}), {MAILS} mails: {len(wanted - set(found))} lost, {doubled} doubled"


def main() -> None:
    """Print the figures."""
    print(f"parsed: {parsed_a_second():.0f} mails a second (140 kB each)")
    with tempfile.TemporaryDirectory() as folder:
        print(f"delivered by SMTP: {delivered_a_second(Path(folder)):.0f} mails a second")
    with tempfile.TemporaryDirectory() as folder:
        print(killed(Path(folder)))
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
