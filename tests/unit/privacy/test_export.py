"""Handing out personal data: whole, and nothing that is somebody else's or a secret."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.models import AuditEntry
from helpdesk.audit.services import record
from helpdesk.files.store import MemoryFileStore
from helpdesk.intake import models as intake
from helpdesk.kb.models import Article, ArticleTranslation
from helpdesk.kb.services.feedback import give_feedback
from helpdesk.models import Base
from helpdesk.privacy.commands import privacy
from helpdesk.privacy.errors import FileIsThere, NobodyThere, OneSubject
from helpdesk.privacy.queries import organisation_called, person_called
from helpdesk.privacy.services import export
from helpdesk.privacy.tables import ACTING, LEFT_OUT, ONLY, TABLES
from helpdesk.tickets.models import (
    Attachment,
    CustomField,
    FieldKind,
    FieldValue,
    MessageKind,
    TicketCopy,
    TicketMessage,
    Topic,
    ticket_invoice_line,
)
from helpdesk.tickets.services import reply
from tests.cast import Cast
from tests.unit.tickets.scenes import answered, invoice_line, opened

CONTENT = b"%PDF-1.4 what Wang Fang sent %%EOF"


class Files(MemoryFileStore):
    """Knows one file."""

    def open(self, sha256: str) -> io.BytesIO:
        """What was attached. Raises `FileNotFoundError`."""
        if sha256 != "a" * 64:
            raise FileNotFoundError
        return io.BytesIO(CONTENT)


def exported(session: Session, subject: User | Customer, now: datetime) -> zipfile.ZipFile:
    out = io.BytesIO()
    export(session, subject, out, files=Files(), actor_id=None, now=now)
    return zipfile.ZipFile(out)


def rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"data/{table}.json"))
    return found


def asked_for(app: Flask, arguments: list[str]) -> Result:
    with app.app_context():
        return CliRunner().invoke(privacy, arguments)


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))


def attached(message: TicketMessage, sha256: str, now: datetime) -> Attachment:
    return Attachment(
        message=message, filename="单.pdf", content_type="application/pdf", size=9, sha256=sha256, created_at=now
    )


def test_every_table_that_leads_to_a_person_or_an_organisation_is_decided_about(app: Flask) -> None:
    leading = {"user_account", "customer"}
    pointing = {
        name: {key.column.table.name for key in table.foreign_keys} for name, table in Base.metadata.tables.items()
    }
    while further := {name for name, targets in pointing.items() if targets & leading} - leading:
        leading |= further

    assert app
    assert {"ticket_field_value", "ticket_invoice_line", "policy_text"} <= leading
    assert leading - TABLES.keys() - LEFT_OUT.keys() == set()
    assert TABLES.keys() & LEFT_OUT.keys() == set()
    assert all(LEFT_OUT.values())
    assert {*TABLES, *LEFT_OUT, *ONLY} <= Base.metadata.tables.keys()


def test_every_person_whom_a_row_names_owns_it_unless_they_only_acted_on_it(app: Flask) -> None:
    assert app
    undecided = {
        f"{name}.{column.name}"
        for name, kept in TABLES.items()
        for column in Base.metadata.tables[name].columns
        if any(key.column.table.name == "user_account" for key in column.foreign_keys)
        and column.name not in {*kept.person, *ACTING}
    }

    assert undecided == set()


def test_columns_that_look_like_secrets_are_left_out_and_all_named_columns_exist(app: Flask) -> None:
    assert app
    for name, kept in TABLES.items():
        columns = set(Base.metadata.tables[name].columns.keys())
        secret = {
            column
            for column in columns
            if column != "sha256" and any(word in column for word in ("hash", "secret", "token", "password"))
        }
        assert secret <= kept.without <= columns, name


def test_a_person_gets_their_tickets_with_public_messages_alone(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)
    session.add(
        TicketMessage(ticket=ticket, author=cast.tom, kind=MessageKind.INTERNAL, body="She is slow.", created_at=now)
    )
    opened(session, cast.sato, now, body="佐藤の質問")
    opened(session, cast.li_na, now, body="李娜的问题")
    session.flush()

    archive = exported(session, cast.wang_fang, now)

    assert [row["body"] for row in rows(archive, "ticket_message")] == [
        "为什么七月的金额比上月多？",
        "We look into it.",
    ]
    assert [row["author_id"] for row in rows(archive, "ticket_message")] == [cast.wang_fang.public_id, "somebody else"]
    text = everything(archive)
    assert [word for word in ("She is slow.", "佐藤", "李娜", "tom@partner.example") if word in text] == []


def asked_field(session: Session, label: str, *, for_customer: bool = True) -> CustomField:
    field = CustomField(
        topic=Topic.QUESTION, kind=FieldKind.TEXT, labels={"en": label}, for_customer=for_customer, position=1
    )
    session.add(field)
    session.flush()
    return field


def test_answers_of_the_partners_own_fields_come_with_their_questions_and_what_is_asked_of_staff_alone_does_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked, inner = asked_field(session, "Purchase order"), asked_field(session, "Mood", for_customer=False)
    mine, foreign = opened(session, cast.li_na, now), opened(session, cast.sato, now)
    session.add_all(
        FieldValue(ticket_id=ticket.id, field_id=field.id, value=value)
        for ticket, field, value in ((mine, asked, "PO-77"), (mine, inner, "grumpy"), (foreign, asked, "注文9"))
    )
    session.flush()

    for subject in (cast.li_na, cast.lanting):
        archive = exported(session, subject, now)
        assert [(row["field_id"], row["value"]) for row in rows(archive, "ticket_field_value")] == [(asked.id, "PO-77")]
        assert [row["labels"] for row in rows(archive, "ticket_field")] == [{"en": "Purchase order"}]
    assert rows(exported(session, cast.wang_fang, now), "ticket_field_value") == []


def test_the_charges_that_a_ticket_is_about_come_with_it(session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)
    line.invoice.number = "INV-2026-0001"
    session.flush()
    other = invoice_line(session, cast.sakura)
    mine, foreign = opened(session, cast.wang_fang, now), opened(session, cast.sato, now)
    for ticket, charge in ((mine, line), (foreign, other)):
        session.execute(ticket_invoice_line.insert().values(ticket_id=ticket.id, line_id=charge.id))

    for subject in (cast.wang_fang, cast.lanting):
        archive = exported(session, subject, now)
        assert rows(archive, "ticket_invoice_line") == [{"ticket_id": mine.id, "line_id": line.id}]


def test_ones_own_words_in_a_colleagues_ticket_come_and_the_colleagues_do_not(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.li_na, now, body="李娜的问题")
    reply(session, ticket, body="王芳补充", by=cast.wang_fang, now=now)
    mine = attached(ticket.messages[-1], "a" * 64, now)
    session.add(mine)
    session.flush()

    archive = exported(session, cast.wang_fang, now)

    assert [row["body"] for row in rows(archive, "ticket_message")] == ["王芳补充"]
    assert [row["file"] for row in rows(archive, "attachment")] == [f"files/attachment/{mine.public_id}.pdf"]
    assert rows(archive, "ticket") == []
    assert "李娜的问题" not in everything(archive)


def test_a_ticket_that_one_is_copied_on_comes_as_one_may_read_it(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)
    session.add(TicketMessage(ticket=ticket, author=cast.tom, kind=MessageKind.INTERNAL, body="Hush.", created_at=now))
    session.flush()
    assert rows(exported(session, cast.li_na, now), "ticket") == []
    session.add(TicketCopy(ticket_id=ticket.id, user_id=cast.li_na.id))
    session.flush()

    archive = exported(session, cast.li_na, now)

    assert [row["number"] for row in rows(archive, "ticket")] == [ticket.number]
    assert len(rows(archive, "ticket_message")) == 2
    assert "Hush." not in everything(archive)


def test_what_was_said_of_articles_comes_by_the_readers_key(session: Session, cast: Cast, now: datetime) -> None:
    translation = ArticleTranslation(
        article=Article(slug="a", created_at=now), locale="en", title="A", body="B", content_hash="c", updated_at=now
    )
    session.add(translation)
    session.flush()
    for key, comment in ((f"user:{cast.li_na.id}", "too long"), ("visit:1", "a stranger's")):
        give_feedback(session, translation, reader_key=key, helpful=False, reason="", comment=comment, now=now)
    session.flush()

    for subject in (cast.li_na, cast.lanting):
        archive = exported(session, subject, now)
        assert [row["comment"] for row in rows(archive, "article_feedback")] == ["too long"]
    assert rows(exported(session, cast.wang_fang, now), "article_feedback") == []


def test_an_organisation_gets_all_its_people_and_invoices_and_nobody_elses(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.wang_fang.password_hash = "$argon2id$very-secret"  # noqa: S105 - not a secret
    line = invoice_line(session, cast.lanting)
    line.invoice.number = "INV-2026-0001"
    session.flush()
    other = invoice_line(session, cast.sakura)
    opened(session, cast.li_na, now, body="李娜的问题")
    opened(session, cast.sato, now, body="佐藤の質問")
    session.flush()

    archive = exported(session, cast.lanting, now)

    assert {row["email"] for row in rows(archive, "user_account")} == {cast.wang_fang.email, cast.li_na.email}
    assert [row["number"] for row in rows(archive, "invoice")] == [line.invoice.number]
    assert [row["public_id"] for row in rows(archive, "invoice_line")] == [line.public_id]
    assert [row["body"] for row in rows(archive, "ticket_message")] == ["李娜的问题"]
    text = everything(archive)
    assert [word for word in (other.invoice.number, "佐藤", "さくら", "argon2id") if word in text] == []


def test_files_come_along_and_lost_ones_are_named(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)
    note = TicketMessage(ticket=ticket, author=cast.tom, kind=MessageKind.INTERNAL, body="-", created_at=now)
    session.add(note)
    here, lost = (attached(ticket.messages[0], letter * 64, now) for letter in "ab")
    hidden = attached(note, "a" * 64, now)
    session.add_all([here, lost, hidden])
    session.flush()

    archive = exported(session, cast.wang_fang, now)

    name = f"files/attachment/{here.public_id}.pdf"
    assert [entry for entry in archive.namelist() if entry.startswith("files/")] == [name]
    assert archive.read(name) == CONTENT
    assert [row["file"] for row in rows(archive, "attachment")] == [name, None]
    assert json.loads(archive.read("about.json"))["files_missing"] == [f"files/attachment/{lost.public_id}.pdf"]


def test_staff_do_not_get_customers_data_as_their_own(session: Session, cast: Cast, now: datetime) -> None:
    answered(session, cast, now)
    session.flush()

    archive = exported(session, cast.tom, now)

    assert [row["email"] for row in rows(archive, "user_account")] == [cast.tom.email]
    assert "data/ticket_message.json" not in archive.namelist()
    assert "data/outbox_message.json" not in archive.namelist()


def test_the_trail_about_the_person_comes_without_the_reasons_of_staff(
    session: Session, cast: Cast, now: datetime
) -> None:
    for person in (cast.wang_fang, cast.sato):
        record(
            session, "user.role_changed", object_type="user", object_id=person.id,
            actor_id=cast.root.id, now=now, after={"reason": "behind her back"},
        )  # fmt: skip
    session.flush()

    for subject in (cast.wang_fang, cast.lanting):
        archive = exported(session, subject, now)
        own = [row for row in rows(archive, "audit_entry") if row["action"] == "user.role_changed"]
        assert [row["object_id"] for row in own] == [str(cast.wang_fang.id)]
        assert "behind her back" not in everything(archive)


@pytest.mark.parametrize(("result", "count"), [(intake.Result.CREATED, 1), (intake.Result.QUARANTINED, 0)])
def test_mails_from_the_person_come_unless_they_may_be_forged(
    session: Session, cast: Cast, now: datetime, result: intake.Result, count: int
) -> None:
    session.add(
        intake.IncomingMail(
            sha256="c" * 64, size=1, source="file", sender=cast.wang_fang.email, subject="你好", text="…",
            result=result, reason=intake.Reason.KNOWN_SENDER, received_at=now, keep_until=now,
        )
    )  # fmt: skip
    session.flush()

    assert len(rows(exported(session, cast.wang_fang, now), "incoming_mail")) == count
    assert rows(exported(session, cast.sato, now), "incoming_mail") == []


def test_the_export_is_written_down(session: Session, cast: Cast, now: datetime) -> None:
    exported(session, cast.lanting, now)
    session.flush()

    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "privacy.exported")).one()
    assert (entry.object_type, entry.object_id) == ("customer", cast.lanting.public_id)
    assert entry.after is not None
    assert entry.after["rows"] >= 3


def test_subjects_are_found_by_address_tenant_or_domain_in_any_case(session: Session, cast: Cast) -> None:
    assert person_called(session, " Wang.Fang@Lanting.example ") == cast.wang_fang
    assert organisation_called(session, cast.lanting.tenant_id.upper()) == cast.lanting
    assert organisation_called(session, cast.lanting.domain) == cast.lanting
    for asked in (lambda: person_called(session, "no@body.example"), lambda: organisation_called(session, "\0")):
        with pytest.raises(NobodyThere):
            asked()


def test_the_console_writes_a_private_file_once(app: Flask, session: Session, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "wang.zip"
    session.commit()
    asked = ["export", "--person", cast.wang_fang.email, "--to", str(path)]

    answer = asked_for(app, asked)

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["path"] == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert rows(zipfile.ZipFile(path), "user_account")[0]["email"] == cast.wang_fang.email
    assert isinstance(asked_for(app, asked).exception, FileIsThere)


def test_the_console_wants_one_subject_that_exists(app: Flask, session: Session, cast: Cast, tmp_path: Path) -> None:
    session.commit()
    path = tmp_path / "x.zip"
    to = ["--to", str(path)]

    assert isinstance(asked_for(app, ["export", *to]).exception, OneSubject)
    both = ["export", "--person", cast.tom.email, "--organisation", cast.lanting.domain, *to]
    assert isinstance(asked_for(app, both).exception, OneSubject)
    nobody = ["export", "--organisation", "nowhere.example", *to]
    assert isinstance(asked_for(app, nobody).exception, NobodyThere)
    assert not path.exists()
