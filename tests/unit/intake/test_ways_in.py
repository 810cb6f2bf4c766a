"""Files, a mail server on this machine, and a mailbox lead to the same path."""

from __future__ import annotations

import json
import smtplib
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.app import create_app
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.intake import ingest as edge
from helpdesk.intake.commands import mail as command
from helpdesk.intake.imap import ImapUrlError, fetch_new, parse_imap_url
from helpdesk.intake.ingest import ingest
from helpdesk.intake.jobs import Ears, forget_originals
from helpdesk.intake.listener import ListenUrlError, listen, parse_listen_url
from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.intake.services import Envelope
from helpdesk.intake.services.house import House
from tests.cast import make_cast
from tests.conftest import NOW, drop_database, fresh_database_url, make_settings
from tests.unit.intake.conftest import letter
from tests.unit.intake.fake_imap import mailbox_with

FANG = "wang.fang@lanting.example"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Flask]:
    """An application whose commits are real, with the cast."""
    folder = tmp_path_factory.mktemp("mail_in")
    url = fresh_database_url(folder, f"mail_in_{worker_name}")
    application = create_app(make_settings(folder, url), TESTING=True)
    with application.app_context():
        Base.metadata.create_all(db.engine)
        with db.sessionmaker.begin() as session:
            make_cast(session, now=NOW)
    yield application
    with application.app_context():
        db.engine.dispose()
    drop_database(url)


def kept(app: Flask, subject: str) -> list[tuple[Result, str, str | None, list[str]]]:
    """What was done with the mails of that subject."""
    with app.app_context(), db.sessionmaker() as session:
        records = session.scalars(select(IncomingMail).where(IncomingMail.subject == subject))
        return [(each.result, each.source, each.envelope_from, each.envelope_to) for each in records]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_console_prints_a_line_a_mail(installation: Flask, tmp_path: Path) -> None:
    good, odd = tmp_path / "good.eml", tmp_path / "odd.eml"
    good.write_bytes(letter(FANG, "为什么是 26.61？", "=?gb2312?B?t6LGsQ==?="))
    odd.write_bytes(b"\x00\xff\x1b$")

    with installation.app_context():
        answer = installation.test_cli_runner().invoke(command, ["ingest", str(good), str(odd)])

    first, second = (json.loads(line) for line in answer.output.splitlines())
    assert (first["result"], first["subject"], first["text"]) == ("created", "发票", "为什么是 26.61？")
    assert first["ticket"].startswith("T-")
    assert (second["result"], second["reason"], second["ticket"]) == ("quarantined", "no_sender", None)


@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_a_mail_server_on_this_machine_hands_mail_over(installation: Flask, scheme: str) -> None:
    place = parse_listen_url(f"{scheme}://127.0.0.1:{free_port()}")
    listener = listen(installation, place)
    speak = smtplib.LMTP if scheme == "lmtp" else smtplib.SMTP

    try:
        with speak(place.host, place.port, timeout=5) as connection:
            refused = connection.sendmail(FANG, ["billing@partner.example"], letter(FANG, subject=scheme))
            connection.sendmail("", ["billing@partner.example"], letter(FANG, subject=f"{scheme} report"))
    finally:
        listener.stop()

    assert refused == {}
    assert kept(installation, scheme) == [(Result.CREATED, scheme, FANG, ["billing@partner.example"])]
    assert [row[0] for row in kept(installation, f"{scheme} report")] == [Result.AUTO_REPLY]


@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_a_line_longer_than_the_rules_allow_is_taken(installation: Flask, scheme: str) -> None:
    place = parse_listen_url(f"{scheme}://127.0.0.1:{free_port()}")
    listener = listen(installation, place)
    speak = smtplib.LMTP if scheme == "lmtp" else smtplib.SMTP

    try:
        with speak(place.host, place.port, timeout=5) as connection:
            long = letter(FANG, "为什么" * 200_000, subject=f"{scheme} long")
            connection.sendmail(FANG, ["billing@partner.example"], long)
    finally:
        listener.stop()

    assert [row[0] for row in kept(installation, f"{scheme} long")] == [Result.CREATED]


def test_lmtp_answers_for_each_recipient(installation: Flask) -> None:
    place = parse_listen_url(f"lmtp://127.0.0.1:{free_port()}")
    listener = listen(installation, place)
    try:
        with socket.create_connection((place.host, place.port), timeout=5) as connection:
            talk = connection.makefile("rwb")
            talk.write(
                b"LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@p.example>\r\nRCPT TO:<y@p.example>\r\nDATA\r\n"
            )
            talk.flush()
            while not talk.readline().startswith(b"354"):
                pass
            talk.write(letter("stranger@b.example", subject="for two") + b".\r\nQUIT\r\n")
            talk.flush()
            answers = [line[:3] for line in talk.readlines()]
    finally:
        listener.stop()

    assert answers == [b"250", b"250", b"221"]
    assert [row[3] for row in kept(installation, "for two")] == [["x@p.example", "y@p.example"]]


@pytest.mark.parametrize(
    "url", ["lmtp://0.0.0.0:24", "smtp://mail.example:25", "http://127.0.0.1:1", "lmtp://127.0.0.1"]
)
def test_it_listens_to_this_machine_alone(url: str) -> None:
    with pytest.raises(ListenUrlError):
        parse_listen_url(url)


def test_a_mailbox_is_emptied_and_a_bad_mail_stops_nothing(installation: Flask) -> None:
    def take(raw: bytes, envelope: Envelope) -> None:
        if b"poison" in raw:
            raise RuntimeError
        ingest(installation, raw, envelope=envelope)

    with mailbox_with(letter(FANG, subject="one"), b"poison", letter(FANG, subject="two")) as server:
        mailbox = parse_imap_url(server.url)
        assert (fetch_new(mailbox, take), server.seen) == (2, {1, 3})
        assert fetch_new(mailbox, lambda _raw, _envelope: None) == 1

    assert [row[:2] for subject in ("one", "two") for row in kept(installation, subject)] == [
        (Result.CREATED, "imap")
    ] * 2


@pytest.mark.parametrize("url", ["imap://mail.example/INBOX", "https://mail.example", "imaps://", 'imaps://h/a"b'])
def test_a_password_never_travels_in_the_clear(url: str) -> None:
    with pytest.raises(ImapUrlError):
        parse_imap_url(url)


def test_a_mail_that_breaks_something_is_kept_in_quarantine(
    installation: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_keywords: object) -> IncomingMail:
        raise RuntimeError("boom")

    monkeypatch.setattr(edge, "receive", broken)
    answer = ingest(installation, letter(FANG, subject="broken"), envelope=Envelope("file"))

    assert (answer["result"], answer["reason"]) == ("quarantined", Reason.FAILED.value)
    assert "boom" in answer["detail"]


def test_originals_are_forgotten_at_their_date(installation: Flask, now: datetime) -> None:
    answer = ingest(installation, letter(FANG, subject="old"), envelope=Envelope("file"))

    with installation.app_context(), db.sessionmaker.begin() as session:
        record = session.scalars(select(IncomingMail).where(IncomingMail.public_id == answer["id"])).one()
        store = House.of(installation.config["HELPDESK"]).raw
        assert store.get(record.sha256)
        record.keep_until = now
        session.flush()
        assert forget_originals(session, now) == 1
        with pytest.raises(FileNotFoundError):
            store.get(record.sha256)


@pytest.fixture
def configured(installation: Flask) -> Iterator[Callable[..., None]]:
    """Change settings of the installation for one test."""
    before = installation.config["HELPDESK"]

    def change(**values: object) -> None:
        installation.config["HELPDESK"] = before.model_copy(update=values)

    yield change
    installation.config["HELPDESK"] = before


def test_the_worker_listens_once_and_leaves_a_taken_place_alone(
    installation: Flask, configured: Callable[..., None]
) -> None:
    port = free_port()
    configured(mail_listen=f"smtp://127.0.0.1:{port}")
    ears, late = Ears(), Ears()
    try:
        assert [ears.listen(installation), ears.listen(installation), late.listen(installation)] == [False] * 3
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as connection:
            connection.sendmail(FANG, ["billing@partner.example"], letter(FANG, subject="to the worker"))
    finally:
        assert ears.listener is not None
        ears.listener.stop()

    assert late.listener is None
    assert [row[0] for row in kept(installation, "to the worker")] == [Result.CREATED]


def test_the_worker_looks_into_the_mailbox_and_again_only_after_a_while(
    installation: Flask, configured: Callable[..., None]
) -> None:
    ears = Ears()
    with mailbox_with(letter(FANG, subject="fetched by the worker")) as server:
        configured(mail_imap_url=server.url)
        assert not ears.poll(installation)
        server.seen.clear()
        assert not ears.poll(installation)
        assert server.seen == set()

    assert [row[:2] for row in kept(installation, "fetched by the worker")] == [(Result.CREATED, "imap")]


def test_a_mailbox_out_of_reach_does_not_stop_the_worker(installation: Flask, configured: Callable[..., None]) -> None:
    configured(mail_imap_url=f"imap://a:b@127.0.0.1:{free_port()}/INBOX")

    assert not Ears().poll(installation)
