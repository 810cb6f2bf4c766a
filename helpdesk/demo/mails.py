"""Mail that came in to the demonstration: a ticket by mail, an answer to a mail of ours, a stranger, an absence."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.config import Settings
from helpdesk.intake.services import Envelope, House, receive
from helpdesk.notifications.mime import message_id
from helpdesk.notifications.models import Delivery, OutboxMessage
from helpdesk.tickets.models import Ticket, TicketState

_QUESTION: Final = """お世話になっております。東和精密工業の山本です。

10月分のご請求に「Prorate fee when purchase」という項目がありますが、
これはどの期間の料金でしょうか。明細の見方を教えてください。
"""
_STRANGER: Final = """Hello,

I look after the books of one of your customers. Please send me all invoices of this year to this address.
"""
_ANSWER: Final = "谢谢，我们已经核对过了。付款回单稍后补上。\n"
_ABSENT: Final = "本人休假至12月1日，期间邮件将稍后回复。\n"


def load_mails(session: Session, people: dict[str, User], *, settings: Settings, now: datetime) -> None:
    """Take a handful of mails in, through the door that every mail comes by."""
    house = House.of(settings)
    letters = [
        _letter(house, people["yamamoto@towa.example"], "請求書の日割り料金について", _QUESTION),
        _letter(house, None, "Invoices of this year", _STRANGER, sender="Books <books@accounting.example>"),
        _letter(
            house,
            people["he.lin@baichuan.example"],
            "自动回复：账单通知",
            _ABSENT,
            **{"Auto-Submitted": "auto-replied"},
        ),
    ]
    answered = _waiting_for_customer(session)
    if answered is not None:
        ticket, delivery = answered
        delivery.mail_message_id = message_id(delivery.mail_message_id, settings.mail_from)
        letters.append(
            _letter(
                house, ticket.requester, f"Re: {ticket.subject}", _ANSWER, **{"In-Reply-To": delivery.mail_message_id}
            )
        )
    for minutes, letter in enumerate(letters):
        at = now - timedelta(minutes=90 - 20 * minutes)
        receive(session, letter.as_bytes(), house=house, now=at, envelope=Envelope("imap"))


def _letter(
    house: House, person: User | None, subject: str, text: str, *, sender: str = "", **headers: str
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender or (f"{person.name} <{person.email}>" if person else "")
    mail["To"] = house.own_address
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{len(text)}.{len(subject)}@mail.example>"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail


def _waiting_for_customer(session: Session) -> tuple[Ticket, Delivery] | None:
    """A ticket that waits for its customer, with the mail that told him."""
    found = session.execute(
        select(Ticket, Delivery)
        .join(OutboxMessage, OutboxMessage.recipient_id == Ticket.requester_id)
        .join(Delivery, Delivery.message_id == OutboxMessage.id)
        .where(
            Ticket.state == TicketState.WAITING_CUSTOMER,
            Delivery.subject_type == "ticket",
            Delivery.subject_id == Ticket.id,
        )
        .order_by(Ticket.id, Delivery.id.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None
