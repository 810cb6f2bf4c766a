"""Mail of ours that came back: the address is marked, the delivery has failed, the owner hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.audit.services import record as note_deed
from helpdesk.intake.models import Reason
from helpdesk.intake.queries import our_delivery, people_reached_again, refused_deliveries
from helpdesk.intake.signals import Bounce, Report, blames_address
from helpdesk.notifications.models import Delivery, DeliveryState
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role
from helpdesk.tickets.models import Ticket

KIND: Final = "address_failing"
LOOKED_BACK: Final = timedelta(days=1)
"""A worker that was down so long has lost no mail; it has only told nobody yet."""


def note_bounce(session: Session, bounce: Bounce, *, now: datetime) -> Reason:
    """Act on a delivery report; one that does not carry a Message-ID of ours proves nothing and changes nothing."""
    if bounce.report is Report.DELIVERED:
        return Reason.DELIVERY_REPORT
    delivery = our_delivery(session, bounce.identifiers)
    if delivery is None:
        return Reason.NOT_OUR_MAIL
    if bounce.report is Report.DELAYED:
        return Reason.DELIVERY_DELAYED
    _came_back(session, delivery, bounce.detail, marks=True, now=now)
    session.flush()
    return Reason.DELIVERY_FAILED


def note_refused(session: Session, now: datetime) -> int:
    """Act on mails that our mail server refused for good, as on those that come back; how many.

    Where one of them went out after somebody tried it again by hand, its address is believed once more.
    """
    refused = refused_deliveries(session, since=now - LOOKED_BACK)
    for delivery in refused:
        error = delivery.message.last_error or ""
        _came_back(session, delivery, error, marks=blames_address(error), now=now)
    for person in people_reached_again(session, since=now - LOOKED_BACK):
        person.mail_failing_since = None
    session.flush()
    return len(refused)


def _came_back(session: Session, delivery: Delivery, detail: str, *, marks: bool, now: datetime) -> None:
    """Fail the delivery and, where its address is to blame, mark the person; once each mail or person."""
    is_news = delivery.state is not DeliveryState.BOUNCED
    delivery.state = DeliveryState.BOUNCED
    delivery.at = now
    person = session.scalars(
        select(User).where(User.id == delivery.message.recipient_id, User.email == delivery.address)
    ).one_or_none()
    if person is None and delivery.message.recipient_id is not None:
        return
    is_marked = person is not None and marks and person.mail_failing_since is None
    if person is not None and is_marked:
        person.mail_failing_since = now
        _write_down(session, person, delivery, now=now)
    if delivery.message.kind != KIND and (is_marked or (is_news and delivery.subject_type == "ticket")):
        _tell(session, person, delivery, detail, now=now)


def _write_down(session: Session, person: User, delivery: Delivery, *, now: datetime) -> None:
    note_deed(
        session,
        "mail.bounced",
        object_type="user",
        object_id=person.id,
        actor_id=None,
        now=now,
        after={"mail": delivery.message.public_id},
    )


def _tell(session: Session, person: User | None, delivery: Delivery, detail: str, *, now: datetime) -> None:
    ticket = session.get(Ticket, delivery.subject_id) if delivery.subject_type == "ticket" else None
    customer = (person.customer if person else None) or (ticket.customer if ticket else None)
    payload = {
        "person": person.name if person else delivery.message.recipient_name,
        "address": delivery.address,
        "customer": customer.name if customer else "",
        "ref": ticket.ref if ticket else "",
        "subject": ticket.subject if ticket else "",
        "detail": detail[:300],
        "path": f"/work/tickets/{ticket.ref}" if ticket else f"/work/mail/{delivery.message.public_id}",
    }
    for told in _who_hears(session, ticket, about=person):
        queue_mail(
            session,
            kind=KIND,
            recipient=told,
            subject_type="user" if person else delivery.subject_type,
            subject_id=person.id if person else delivery.subject_id,
            group_key=f"address:{person.id}" if person else f"address:guest:{delivery.id}",
            dedupe_key=f"{KIND}:{delivery.id}:{told.id}",
            payload=payload,
            now=now,
        )


def _who_hears(session: Session, ticket: Ticket | None, *, about: User | None) -> list[User]:
    """The ticket's owner; without one, the leads and administrators; never who cannot be reached."""
    if ticket is not None and ticket.owner is not None and ticket.owner.is_reachable and ticket.owner is not about:
        return [ticket.owner]
    leading = [person for person in agents(session) if person.role in {Role.LEAD, Role.ADMINISTRATOR}]
    return [person for person in leading if person is not about and person.is_reachable]
