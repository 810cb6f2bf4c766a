"""Mail of ours that came back: the address is marked, the delivery has failed, the owner hears of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.audit.services import record as note_deed
from helpdesk.intake.models import Reason
from helpdesk.intake.queries import our_delivery
from helpdesk.intake.signals import Bounce, Report
from helpdesk.notifications.models import Delivery, DeliveryState
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role
from helpdesk.tickets.models import Ticket

KIND = "address_failing"


def note_bounce(session: Session, bounce: Bounce, *, now: datetime) -> Reason:
    """Act on a delivery report; one that does not carry a Message-ID of ours proves nothing and changes nothing."""
    if bounce.report is Report.DELIVERED:
        return Reason.DELIVERY_REPORT
    delivery = our_delivery(session, bounce.identifiers)
    if delivery is None:
        return Reason.NOT_OUR_MAIL
    if bounce.report is Report.DELAYED:
        return Reason.DELIVERY_DELAYED
    is_news = delivery.state is not DeliveryState.BOUNCED
    delivery.state = DeliveryState.BOUNCED
    delivery.at = now
    person = session.scalars(
        select(User).where(User.id == delivery.message.recipient_id, User.email == delivery.address)
    ).one_or_none()
    if person is not None and (person.mail_failing_since is None or (is_news and delivery.subject_type == "ticket")):
        person.mail_failing_since = person.mail_failing_since or now
        _write_down(session, person, delivery, bounce, now=now)
    session.flush()
    return Reason.DELIVERY_FAILED


def _write_down(session: Session, person: User, delivery: Delivery, bounce: Bounce, *, now: datetime) -> None:
    note_deed(
        session,
        "mail.bounced",
        object_type="user",
        object_id=person.public_id,
        actor_id=None,
        now=now,
        after={"mail": delivery.message.public_id},
    )
    if delivery.message.kind != KIND:
        _tell(session, person, delivery, bounce, now=now)


def _tell(session: Session, person: User, delivery: Delivery, bounce: Bounce, *, now: datetime) -> None:
    ticket = session.get(Ticket, delivery.subject_id) if delivery.subject_type == "ticket" else None
    customer = person.customer.name if person.customer else ""
    payload = {
        "person": person.name,
        "address": delivery.address,
        "customer": customer,
        "ref": ticket.ref if ticket else "",
        "subject": ticket.subject if ticket else "",
        "detail": bounce.detail[:300],
        "path": f"/work/tickets/{ticket.ref}" if ticket else f"/work/mail/{delivery.message.public_id}",
    }
    for told in _who_hears(session, ticket, about=person):
        queue_mail(
            session,
            kind=KIND,
            recipient=told,
            subject_type="user",
            subject_id=person.id,
            group_key=f"address:{person.id}",
            dedupe_key=f"{KIND}:{delivery.id}:{told.id}",
            payload=payload,
            now=now,
        )


def _who_hears(session: Session, ticket: Ticket | None, *, about: User) -> list[User]:
    """The ticket's owner; without one, the leads and administrators; never who cannot be reached."""
    if ticket is not None and ticket.owner is not None and ticket.owner.is_reachable and ticket.owner.id != about.id:
        return [ticket.owner]
    leading = [person for person in agents(session) if person.role in {Role.LEAD, Role.ADMINISTRATOR}]
    return [person for person in leading if person.id != about.id and person.is_reachable]
