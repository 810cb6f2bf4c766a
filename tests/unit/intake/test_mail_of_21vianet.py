"""A mail of 21Vianet joins the private thread of its case, by request number and domain, and goes nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.escalations.models import Channel, ContactLogEntry, Direction
from helpdesk.intake.models import Reason, Result
from helpdesk.notifications.models import OutboxMessage
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.escalations.stage import filed
from tests.unit.files.samples import pdf
from tests.unit.intake.conftest import Receive

SUPPORT = "世纪互联支持 <support@oe.21vianet.com>"


def answer(subject: str, text: str = "经核实，扣费无误。", sender: str = SUPPORT) -> bytes:
    """A mail with a file, as 21Vianet's support sends it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "billing@partner.example", subject
    mail["Message-ID"] = f"<{len(subject)}.{len(text)}@oe.21vianet.com>"
    mail.set_content(text)
    mail.add_attachment(pdf(), maintype="application", subtype="pdf", filename="核对.pdf")
    return mail.as_bytes()


def test_it_joins_its_case_with_its_files_and_no_customer_hears_of_it(
    take: Receive, session: Session, cast: Cast, now: datetime
) -> None:
    case = filed(session, cast, now=now, number="SR-88001")
    messages, mails = len(case.ticket.messages), session.scalars(select(OutboxMessage.id)).all()

    record = take(answer("回复：SR-88001 账单争议"), at=now + timedelta(hours=2))

    entry = session.scalars(select(ContactLogEntry).where(ContactLogEntry.mail_message_id.is_not(None))).one()
    assert (record.result, record.reason, record.ticket) == (Result.SIDE_THREAD, Reason.VNET_CASE, case.ticket)
    assert (entry.escalation, entry.channel, entry.direction) == (case, Channel.MAIL, Direction.FROM_21VIANET)
    assert "经核实，扣费无误。" in entry.text
    assert [file.filename for file in entry.files] == ["核对.pdf"]
    assert record.attachments[0]["kept"]
    session.refresh(case.ticket)
    assert len(case.ticket.messages) == messages
    assert session.scalars(select(OutboxMessage.id)).all() == mails
    assert case.is_overdue(now + timedelta(hours=2))


def test_the_same_mail_again_joins_once(take: Receive, session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now, number="SR-88001")

    for _ in range(2):  # other bytes each time: a mail server that hands it over again writes its own boundaries
        take(answer("SR-88001"))

    assert [len(entry.files) for entry in case.contacts if entry.mail_message_id] == [1]


def test_the_number_without_the_domain_and_the_domain_without_the_number_wait_for_a_person(
    take: Receive, session: Session, cast: Cast, now: datetime
) -> None:
    case = filed(session, cast, now=now, number="SR-88001")

    stranger = take(answer("SR-88001", sender="support@21vianet.com.evil.example"))
    nameless = take(answer("Your request", text="About your case."))

    assert (stranger.result, stranger.reason) == (Result.QUARANTINED, Reason.UNKNOWN_SENDER)
    assert (nameless.result, nameless.reason) == (Result.QUARANTINED, Reason.VNET_WITHOUT_CASE)
    assert [entry for entry in case.contacts if entry.mail_message_id] == []


def test_agents_read_it_on_the_case_and_the_customer_nowhere(
    take: Receive, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    case = filed(session, cast, now=now, number="SR-88001")
    take(answer("SR-88001", text="canary-of-21vianet"))
    session.flush()

    seen = browse.sign_in(cast.tom).get(f"/work/escalations/{case.public_id}")
    told = browse.sign_in(cast.wang_fang).get(f"/tickets/{case.ticket.ref}")

    assert "canary-of-21vianet" in seen.text
    assert "核对.pdf" in seen.text
    assert "canary-of-21vianet" not in told.text
    assert "核对.pdf" not in told.text
