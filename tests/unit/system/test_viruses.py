"""A virus was found in a kept file: whom it concerns is told, once, whatever happens in between."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import BillingImport, ImportKind, PaymentProof
from helpdesk.escalations.models import Channel, ContactFile, ContactLogEntry, Direction
from helpdesk.extensions import settings
from helpdesk.files.store import LocalFileStore, local_store
from helpdesk.notifications.models import OutboxMessage
from helpdesk.system import commands
from helpdesk.system.errors import NoScannerSet
from helpdesk.system.jobs import rescan_files
from helpdesk.system.viruses import tell_of_viruses
from helpdesk.tickets.models import Attachment, Draft, DraftFile, MessageKind, TicketMessage
from tests.cast import Cast
from tests.unit.escalations.stage import filed
from tests.unit.files.test_scanning import EICAR, clamd
from tests.unit.tickets.scenes import answered, invoice_line, opened

SHA = "d" * 64


@pytest.fixture
def store(tmp_path: Path) -> LocalFileStore:
    """A store in which one file was condemned."""
    made = LocalFileStore(tmp_path)
    made.condemn(SHA, "Eicar-Test-Signature")
    return made


def told(session: Session) -> set[tuple[str, bool, str]]:
    """Who was told, whether they sent it, and where the mail leads."""
    return {
        (mail.recipient_name, mail.payload["sent"], mail.payload["url"])
        for mail in session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "file_infected"))
    }


def attach(session: Session, message: TicketMessage, now: datetime) -> None:
    session.add(
        Attachment(
            message=message, filename="单.pdf", content_type="application/pdf", size=9, sha256=SHA, created_at=now
        )
    )
    session.flush()


def test_who_sent_it_and_who_owns_the_ticket_are_told_once_and_it_is_written_down(
    session: Session, cast: Cast, now: datetime, store: LocalFileStore
) -> None:
    ticket = answered(session, cast, now)
    ticket.owner = cast.tom
    attach(session, ticket.messages[0], now)

    assert tell_of_viruses(session, store, now=now) == 1
    assert tell_of_viruses(session, store, now=now) == 0

    assert told(session) == {
        ("王芳", True, f"/tickets/{ticket.ref}"),
        ("Tom Becker", False, f"/work/tickets/{ticket.ref}"),
    }
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "file.infected")).one()
    assert entry.after == {"signature": "Eicar-Test-Signature", "sha256": SHA}


def test_customers_hear_nothing_of_a_file_in_a_note(
    session: Session, cast: Cast, now: datetime, store: LocalFileStore
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    note = TicketMessage(ticket=ticket, author=cast.tom, kind=MessageKind.INTERNAL, body="-", created_at=now)
    attach(session, note, now)

    tell_of_viruses(session, store, now=now)

    assert told(session) == {("Tom Becker", True, f"/work/tickets/{ticket.ref}")}


def test_who_may_no_longer_sign_in_gets_no_mail(
    session: Session, cast: Cast, now: datetime, store: LocalFileStore
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    attach(session, ticket.messages[0], now)
    cast.wang_fang.disabled_at = now

    assert tell_of_viruses(session, store, now=now) == 1
    assert told(session) == set()


def elsewhere(session: Session, cast: Cast, now: datetime) -> dict[User, str]:
    """The file as a draft's, a bank slip, an import and a file of a case; whose it is, and where that is."""
    draft = Draft(user_id=cast.li_na.id, place="new:1", updated_at=now)
    draft.files = [DraftFile(filename="a.pdf", content_type="application/pdf", size=9, sha256=SHA)]
    line = invoice_line(session, cast.lanting)
    proof = PaymentProof(
        invoice=line.invoice, amount_minor=100, paid_on=date(2026, 11, 1), reference="", filename="slip.pdf",
        content_type="application/pdf", size=9, sha256=SHA, sent_by=cast.wang_fang, sent_at=now, hold_until=now,
    )  # fmt: skip
    row = BillingImport(
        kind=ImportKind.LICENSE, name="july.csv", sha256=SHA, size=9, billed_on=date(2026, 11, 1), by=cast.mei,
        created_at=now, updated_at=now,
    )  # fmt: skip
    case = filed(session, cast, now=now)
    entry = ContactLogEntry(
        escalation=case, at=now, channel=Channel.MAIL, direction=Direction.FROM_21VIANET, who="", text="-", author=None
    )
    entry.files = [ContactFile(filename="b.pdf", content_type="application/pdf", size=9, sha256=SHA)]
    session.add_all([draft, proof, row, entry])
    session.flush()
    return {
        cast.li_na: "/tickets",
        cast.wang_fang: f"/invoices/{line.invoice.number}",
        cast.mei: f"/work/billing/imports/{row.public_id}",
        case.owner: f"/work/escalations/{case.public_id}",
    }


def test_drafts_bank_slips_imports_and_files_of_cases_have_their_people_too(
    session: Session, cast: Cast, now: datetime, store: LocalFileStore
) -> None:
    expected = elsewhere(session, cast, now)

    tell_of_viruses(session, store, now=now)

    assert {(name, url) for name, _sent, url in told(session)} == {(who.name, url) for who, url in expected.items()}


@pytest.fixture
def kept(app: Flask) -> Iterator[str]:
    """A file with a virus that came when nobody looked."""
    content = EICAR + b" in a text"
    sha256 = hashlib.sha256(content).hexdigest()
    with app.app_context():
        path = local_store(settings()).path_of(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield sha256
        path.unlink(missing_ok=True)
        (local_store(settings()).folder / "condemned" / sha256).unlink(missing_ok=True)


def test_the_console_looks_at_every_kept_file_again(
    session: Session, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit()
    assert isinstance(CliRunner().invoke(commands.files, ["scan"]).exception, NoScannerSet)

    with clamd() as fake:
        monkeypatch.setattr(settings(), "clamd", fake.place)
        answer = CliRunner().invoke(commands.files, ["scan"])

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output) | {"clean": 0} == {"clean": 0, "infected": 1, "told": 1, "not_looked_at": 0}
    assert local_store(settings()).condemned()[kept] == "Eicar-Test-Signature"


def test_what_a_worker_condemned_before_it_died_is_told_by_the_next(
    session: Session, cast: Cast, now: datetime, kept: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    attach(session, ticket.messages[0], now)
    session.execute(sa.update(Attachment).values(sha256=kept))
    local_store(settings()).condemn(kept)

    rescan_files(session, now)

    assert {name for name, _sent, _url in told(session)} == {"王芳"}
