"""One mail: read it, keep it, decide, act. Every way in comes through here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import user_by_email
from helpdesk.errors import DomainError
from helpdesk.intake.authenticity import is_authentic
from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.intake.parsing import MAIL_MAX, Mail, parse
from helpdesk.intake.queries import is_blocked, is_repeated, known_mail, our_delivery, recent_mails, takes_part
from helpdesk.intake.rules import Decision, Facts, Who, decide
from helpdesk.intake.services.acting import add_guests_words, add_to_ticket, join_vnet_case, make_ticket
from helpdesk.intake.services.bounced import note_bounce
from helpdesk.intake.services.house import Envelope, House
from helpdesk.intake.services.threads import Thread, thread_of
from helpdesk.intake.signals import Bounce, bounce_of, is_automatic
from helpdesk.tickets.models import TicketGuest
from helpdesk.tickets.queries.guests import guest_at

__all__ = ["Envelope", "House", "receive"]


def receive(
    session: Session, raw: bytes, *, house: House, now: datetime, envelope: Envelope | None = None
) -> IncomingMail:
    """Do the one thing that a mail calls for, and write down what and why.

    The same bytes again change nothing and give the first record back. A refusal of a lower slice puts the mail
    into quarantine; any other failure is the caller's to catch.
    """
    envelope = envelope or Envelope()
    sha256 = house.raw.put(raw)
    known = known_mail(session, sha256)
    if known is not None:
        return known
    record = IncomingMail(
        sha256=sha256,
        size=len(raw),
        source=envelope.source,
        envelope_from=envelope.sender,
        envelope_to=list(envelope.recipients)[:100],
        result=Result.QUARANTINED,
        reason=Reason.FAILED,
        received_at=now,
        keep_until=now + house.keep_for,
    )
    handle(session, record, parse(raw), house=house, now=now)
    return record


def handle(session: Session, record: IncomingMail, mail: Mail, *, house: House, now: datetime) -> None:
    """Decide about a mail and act; used for a new one and for one that is replayed."""
    record.sender = mail.sender or (mail.senders[0] if mail.senders else "")
    record.sender_name, record.subject, record.message_id = mail.sender_name, mail.subject, mail.message_id
    record.text = mail.text
    record.attachments = [
        {"filename": file.name[:200], "size": len(file.content), "kept": False} for file in mail.files
    ]
    thread = thread_of(session, mail, recipients=record.envelope_to, house=house)
    record.ticket = thread.ticket
    bounce = bounce_of(mail, envelope_from=record.envelope_from)
    facts = _facts(session, record, mail, thread, bounce, house=house, now=now)
    decision = decide(facts)
    record.result, record.reason = decision.result, decision.reason
    session.add(record)
    session.flush()
    try:
        with session.begin_nested():
            _act(session, record, mail, decision, bounce, thread=thread, house=house, now=now)
    except DomainError as refusal:
        record.result, record.reason = Result.QUARANTINED, Reason.REFUSED
        record.detail = type(refusal).__name__
    session.flush()


def _act(
    session: Session,
    record: IncomingMail,
    mail: Mail,
    decision: Decision,
    bounce: Bounce | None,
    *,
    thread: Thread,
    house: House,
    now: datetime,
) -> None:
    if bounce is not None and decision.result is Result.BOUNCE:
        record.reason = note_bounce(session, bounce, now=now)
        record.detail = bounce.detail[:1000]
    if decision.result is Result.SIDE_THREAD:
        join_vnet_case(session, record, mail, house=house, now=now)
    guest = _guest(session, mail, thread, now=now) if decision.result is Result.JOINED else None
    if guest is not None:
        add_guests_words(session, record, mail, guest, house=house, now=now)
        return
    person = user_by_email(session, mail.sender) if decision.result in {Result.CREATED, Result.JOINED} else None
    if person is None:
        return
    if decision.result is Result.CREATED:
        make_ticket(session, record, mail, by=person, house=house, now=now)
    if decision.result is Result.JOINED and record.ticket is not None:
        add_to_ticket(session, record, mail, record.ticket, by=person, house=house, now=now)


def _facts(
    session: Session,
    record: IncomingMail,
    mail: Mail,
    thread: Thread,
    bounce: Bounce | None,
    *,
    house: House,
    now: datetime,
) -> Facts:
    person = user_by_email(session, mail.sender) if mail.sender else None
    guest = _guest(session, mail, thread, now=now)
    return Facts(
        senders=len(mail.senders) if len(mail.headers.all("from")) <= 1 else 2,
        who=Who.GUEST if guest else who_is(session, mail, house=house),
        is_bounce=bounce is not None,
        is_automatic=is_automatic(mail, envelope_from=record.envelope_from),
        is_ours=mail.sender == house.own_address or our_delivery(session, [mail.message_id]) is not None,
        is_blocked=bool(mail.sender) and is_blocked(session, mail.sender),
        is_duplicate=is_repeated(session, message_id=mail.message_id, sender=record.sender, other_than=record.sha256),
        is_empty=not mail.text.strip() and not mail.files,
        is_too_large=record.size > MAIL_MAX,
        authentic=is_authentic(mail, authserv_id=house.authserv_id),
        recent=recent_mails(session, mail.sender, now=now) if mail.sender and record.id is None else 0,
        forged_token=thread.is_forged,
        thread=thread.reason,
        takes_part=guest is not None or (person is not None and _takes_part(session, thread, person)),
    )


def _takes_part(session: Session, thread: Thread, person: User) -> bool:
    is_theirs = thread.guest_id is None and thread.person_id in {None, person.id}
    return thread.ticket is not None and is_theirs and takes_part(session, thread.ticket, person)


def _guest(session: Session, mail: Mail, thread: Thread, *, now: datetime) -> TicketGuest | None:
    """The guest of the named ticket who writes from the invited address, if the way in was not signed for another."""
    if thread.ticket is None or thread.person_id is not None or not mail.sender:
        return None
    guest = guest_at(session, thread.ticket, mail.sender, now=now)
    return guest if guest is not None and thread.guest_id in {None, guest.id} else None


def who_is(session: Session, mail: Mail, *, house: House) -> Who:
    """Who the sender is to us, by the address alone."""
    person = user_by_email(session, mail.sender) if mail.sender else None
    if person is not None:
        if not person.is_active:
            return Who.DISABLED
        return Who.STAFF if person.role.is_staff else Who.CUSTOMER
    domain = mail.sender.rpartition("@")[2]
    vnet = any(domain == each or domain.endswith(f".{each}") for each in house.vnet_domains)
    return Who.VNET if domain and vnet else Who.UNKNOWN
