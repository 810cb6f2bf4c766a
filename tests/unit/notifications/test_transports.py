"""Mail leaves through a folder or a real mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from helpdesk.config import Settings
from helpdesk.notifications.mime import Heads, UnsafeHeaderError, compose, message_id
from helpdesk.notifications.rendering import Rendered
from helpdesk.notifications.smtp import Encryption, MailUrlError, SmtpTransport, parse_mail_url
from helpdesk.notifications.transports import FolderTransport, RefusedError, UnreachableError, transport_for

RENDERED = Rendered("发票 INV-1 已到期 — 提醒", "您好，\n正文。\n", "<p>您好，正文。</p>\n")


def heads(now: datetime, **changes: Any) -> Heads:
    """Headers of a mail to Wang Fang."""
    values: dict[str, Any] = {
        "sender_name": "Lanhe Cloud",
        "sender_address": "billing@partner.example",
        "recipient_name": "王芳",
        "recipient_address": "wang.fang@lanting.example",
        "message_id": "<notice.abc@partner.example>",
        "locale": "zh-Hans",
        "at": now,
    }
    return Heads(**(values | changes))


@pytest.fixture
def mail(now: datetime) -> EmailMessage:
    """A mail in Chinese."""
    return compose(RENDERED, heads(now))


def test_a_mail_has_text_and_html_and_the_headers_of_an_automatic_mail(mail: EmailMessage) -> None:
    read = message_from_bytes(mail.as_bytes(), policy=default)

    text, html = read.iter_parts()
    assert [part.get_content_type() for part in (read, text, html)] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (read["Subject"], str(read["To"])) == (RENDERED.subject, "王芳 <wang.fang@lanting.example>")
    assert (read["Auto-Submitted"], read["Content-Language"]) == ("auto-generated", "zh-Hans")
    assert text.get_content().splitlines() == RENDERED.text.splitlines()
    assert max(len(line) for line in mail.as_bytes().splitlines()) <= 998
    assert mail.as_bytes().isascii()


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_name": "Wang\r\nBcc: everyone@x.cn"},
        {"recipient_address": "wang@x.cn\nBcc: everyone@x.cn"},
        {"sender_name": "Lanhe\u2028Cloud"},
        {"message_id": "<a@b>\n"},
        {"locale": "en\x00"},
    ],
)
def test_a_line_break_in_a_header_raises(now: datetime, changes: dict[str, str]) -> None:
    with pytest.raises(UnsafeHeaderError):
        compose(RENDERED, heads(now, **changes))


def test_a_line_break_in_a_subject_raises(now: datetime) -> None:
    with pytest.raises(UnsafeHeaderError):
        compose(Rendered("Hello\nBcc: everyone@x.cn", "", ""), heads(now))


def test_the_message_id_lies_in_the_senders_domain() -> None:
    assert message_id("notice.abc", "billing@partner.example") == "<notice.abc@partner.example>"


def test_the_folder_gets_one_whole_file_however_often_a_mail_is_sent(tmp_path: Path, mail: EmailMessage) -> None:
    transport = FolderTransport(tmp_path / "mail")

    transport.send(mail)
    transport.send(mail)

    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "20261124-020000-notice.abc.eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["Subject"] == RENDERED.subject


def test_a_folder_that_cannot_be_written_is_unreachable(tmp_path: Path, mail: EmailMessage) -> None:
    (tmp_path / "mail").write_text("a file is in the way")

    with pytest.raises(UnreachableError):
        FolderTransport(tmp_path / "mail").send(mail)


class Inbox:
    """A mail server's memory; it refuses as real ones do."""

    on_sender = ""
    """What it answers to our own address, if not yes."""

    def __init__(self) -> None:
        """Begin empty."""
        self.mails: list[bytes] = []
        self.peers: set[object] = set()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take the sender, or answer what it was told to."""
        envelope.mail_from = address
        return self.on_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take mail for the domain's people, except one that moved and one that is busy."""
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        if address.startswith("busy@"):
            return "451 4.2.0 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail."""
        self.mails.append(envelope.content)
        self.peers.add(session.peer)
        return "250 OK"


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox() -> Inbox:
    """What the server received."""
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    """A real SMTP server on loopback that knows one user."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (b"helpdesk", b"p@ss/word")
        return AuthResult(success=known, handled=False)

    controller = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    yield controller
    controller.stop()


def smtp(server: Controller, user: str = "", query: str = "") -> SmtpTransport:
    """The transport for that server."""
    return SmtpTransport(parse_mail_url(f"smtp://{user}127.0.0.1:{server.port}{query}"))


def test_a_batch_goes_over_one_connection_with_sign_in(server: Controller, inbox: Inbox, now: datetime) -> None:
    transport = smtp(server, user="helpdesk:p%40ss%2Fword@")

    for number in range(3):
        transport.send(compose(RENDERED, heads(now, message_id=f"<{number}@x>")))
    transport.close()

    assert [message_from_bytes(content, policy=default)["Message-ID"] for content in inbox.mails] == [
        "<0@x>",
        "<1@x>",
        "<2@x>",
    ]
    assert len(inbox.peers) == 1


def test_a_wrong_password_means_that_nothing_can_be_sent(server: Controller, mail: EmailMessage) -> None:
    with pytest.raises(UnreachableError, match="535"):
        smtp(server, user="helpdesk:wrong@").send(mail)


@pytest.mark.parametrize(("person", "permanent"), [("gone", True), ("busy", False)])
def test_a_refused_recipient_is_permanent_or_not_and_the_next_mail_goes_out(
    server: Controller, inbox: Inbox, mail: EmailMessage, now: datetime, person: str, *, permanent: bool
) -> None:
    transport = smtp(server)

    with pytest.raises(RefusedError) as refusal:
        transport.send(compose(RENDERED, heads(now, recipient_address=f"{person}@lanting.example")))
    transport.send(mail)
    transport.close()

    assert refusal.value.permanent is permanent
    assert len(inbox.mails) == 1


@pytest.mark.parametrize("answer", ["530 5.7.0 sign in first", "553 5.7.1 not your address", "421 4.7.0 busy"])
def test_a_server_that_does_not_take_us_as_sender_costs_no_mail_its_life(
    server: Controller, inbox: Inbox, mail: EmailMessage, answer: str
) -> None:
    inbox.on_sender = answer

    with pytest.raises(UnreachableError, match=answer[:3]):
        smtp(server).send(mail)


def test_a_mail_that_is_too_large_for_the_server_is_refused_alone(
    server: Controller, inbox: Inbox, mail: EmailMessage
) -> None:
    inbox.on_sender = "552 5.3.4 too large"
    transport = smtp(server)

    with pytest.raises(RefusedError):
        transport.send(mail)
    transport.close()


def test_a_server_that_is_down_is_unreachable(mail: EmailMessage) -> None:
    transport = SmtpTransport(parse_mail_url(f"smtp://127.0.0.1:{free_port()}"))

    with pytest.raises(UnreachableError, match="refused"):
        transport.send(mail)


def test_a_server_without_the_required_encryption_gets_nothing(
    server: Controller, inbox: Inbox, mail: EmailMessage
) -> None:
    with pytest.raises(UnreachableError, match="STARTTLS"):
        smtp(server, user="helpdesk:p%40ss%2Fword@", query="?tls=required").send(mail)

    assert inbox.mails == []


@pytest.mark.parametrize(
    ("url", "port", "encryption"),
    [
        ("smtp://mail.partner.example", 587, Encryption.REQUIRED),
        ("smtp://localhost:2525", 2525, Encryption.OFFERED),
        ("smtp://[::1]:25", 25, Encryption.OFFERED),
        ("smtps://u:p@mail.partner.example", 465, Encryption.FROM_START),
        ("smtp://relay:25?tls=off", 25, Encryption.OFF),
    ],
)
def test_the_mail_url_says_how_the_connection_is_protected(url: str, port: int, encryption: Encryption) -> None:
    server = parse_mail_url(url)

    assert (server.port, server.encryption) == (port, encryption)
    assert "p@" not in repr(server)


@pytest.mark.parametrize("url", ["mail.partner.example", "http://x", "smtp://", "smtp://x?tls=maybe"])
def test_a_mail_url_that_cannot_be_understood_is_refused(url: str) -> None:
    with pytest.raises(MailUrlError):
        parse_mail_url(url)


def test_without_a_mail_url_mail_goes_to_the_folder(tmp_path: Path) -> None:
    assert transport_for(Settings(var=tmp_path)) == FolderTransport(tmp_path / "mail")
    assert isinstance(transport_for(Settings(var=tmp_path, mail_url="smtp://localhost:25")), SmtpTransport)
