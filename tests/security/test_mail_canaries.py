"""What leaves the house by mail or as a packet tells nothing of the house or of other customers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import PaymentProof
from helpdesk.billing.services.proofs import decline_proof
from helpdesk.clock import utc_now
from helpdesk.collections.models import SuspensionCase, SuspensionNotice
from helpdesk.collections.services import case_mails, mails
from helpdesk.escalations.bundle import write_bundle
from helpdesk.escalations.models import EscalationPacket
from helpdesk.extensions import settings
from helpdesk.files.store import file_store
from helpdesk.notifications.models import Delivery, OutboxMessage
from helpdesk.notifications.rendering import render
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries.guests import guests_of
from helpdesk.tickets.services.mails import tell_answered, tell_copied
from tests.security.canaries import FOREIGN, HOUSE, LANTING, THREAD
from tests.security.house import House

KINDS = {
    "ticket_received", "ticket_answered", "ticket_resolved", "ticket_closed", "ticket_copied", "proof_declined",
    "notice_issued", "notice_suspended", "notice_settled", "notice_withdrawn", "notice_reactivated",
    "case_suspended", "case_overtaken", "case_reactivated", "case_deleted", "deletion_reminder",
    "guest_invited", "guest_answered", "invitation", "email_asked", "email_confirm", "password_reset",
}  # fmt: skip
"""Kinds of which a customer gets at least one in the scene, so that the walk below is not of nothing."""


@pytest.fixture
def after(house: House) -> Iterator[House]:
    """The house after the deeds that the demonstration leaves out."""
    with house.undone(), house.app.test_request_context():
        _more_mails(house.session, house.person("contact"), house.person("member"), house.person("lead"))
        house.session.flush()
        yield house
        house.session.rollback()


def _more_mails(session: Session, contact: User, member: User, lead: User) -> None:
    now = utc_now()
    ours = contact.customer_id
    for notice in session.scalars(sa.select(SuspensionNotice).where(SuspensionNotice.customer_id == ours)).all():
        mails.tell_settled(session, notice, now=now)
        mails.tell_withdrawn(session, notice, reason="Sent in error.", now=now)
        mails.tell_reactivated(session, notice, now=now)
    for case in session.scalars(sa.select(SuspensionCase)).all():
        case.data_deleted_on = case.data_deleted_on or now.date() + timedelta(days=7)
        case_mails.tell_case_suspended(session, case, now=now)
        case_mails.tell_case_overtaken(session, case, now=now)
        case_mails.tell_case_reactivated(session, case, now=now)
        case_mails.tell_case_deleted(session, case, now=now)
        case_mails.remind_of_deletion(session, case, days=7, now=now)
    for ticket in session.scalars(sa.select(Ticket).where(Ticket.customer_id == ours)).all():
        tell_copied(session, ticket, member, by=lead, now=now)
        for guest in guests_of(session, ticket, now=now):
            guest.came_at = now
            tell_answered(session, ticket, ticket.messages[0], now=now)
    decline_proof(session, session.scalars(sa.select(PaymentProof)).one(), reason="Not found.", by=lead, now=now)


def told(message: OutboxMessage) -> str:
    """All that a mail says, and what it is made of."""
    mail = render(message, address="somebody@lanting.example")
    return "\n".join((mail.subject, mail.text, mail.html, str(message.payload)))


def to_customers(session: Session) -> list[tuple[OutboxMessage, bool]]:
    """Each mail to somebody who is not the partner's, and whether other customers may not show in it."""
    about = sa.and_(User.id.is_(None), Delivery.subject_type == "ticket", Delivery.subject_id == Ticket.id)
    guest_of = aliased(Customer)
    statement = (
        sa.select(OutboxMessage, sa.func.coalesce(Customer.domain, guest_of.domain))
        .outerjoin(User, OutboxMessage.recipient_id == User.id)
        .outerjoin(Customer, User.customer_id == Customer.id)
        .join(OutboxMessage.delivery)
        .outerjoin(Ticket, about)
        .outerjoin(guest_of, guest_of.id == Ticket.customer_id)
        .where(sa.or_(User.id.is_(None), Customer.id.is_not(None)))
    )
    return [(message, domain in {None, LANTING}) for message, domain in session.execute(statement)]


def test_no_mail_to_a_customer_tells_of_notes_of_the_thread_with_21vianet_or_of_others(after: House) -> None:
    sent = to_customers(after.session)
    leaks: list[tuple[str, str]] = []
    for message, is_ours in sent:
        words = (HOUSE, THREAD, FOREIGN) if is_ours else (HOUSE, THREAD)
        text = told(message)
        leaks += [(message.kind, word) for word in words if word in text]

    assert leaks == []
    assert {message.kind for message, _ in sent} >= KINDS


def test_the_mails_would_repeat_what_they_may_tell(after: House) -> None:
    assert any(FOREIGN in told(message) for message, is_ours in to_customers(after.session) if not is_ours)


def test_no_packet_holds_a_note_or_another_customer(after: House) -> None:
    packets = after.session.scalars(sa.select(EscalationPacket)).all()
    leaks: list[Any] = []
    for packet in packets:
        target = io.BytesIO()
        write_bundle(target, packet, store=file_store(settings()))
        with ZipFile(target) as archive:
            text = "\n".join(f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist())
        others = after.session.scalars(
            sa.select(Customer.name).where(Customer.id != packet.escalation.ticket.customer_id)
        )
        leaks += [word for word in (HOUSE, *others) if word in text]
    assert any(THREAD in packet.escalation.facts for packet in packets)
    assert leaks == []
