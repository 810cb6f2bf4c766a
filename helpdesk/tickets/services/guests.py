"""People from outside on one ticket: invited, come, gone; and colleagues who no longer follow one."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.links import LinkOver, digest_of
from helpdesk.accounts.models import User
from helpdesk.accounts.queries import user_by_email
from helpdesk.accounts.rules import clean_email, clean_name
from helpdesk.limits import GUEST_LASTS, INVITATION_LASTS, SESSION_ABSOLUTE
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.notifications.private_links import new_seed
from helpdesk.notifications.services import withhold
from helpdesk.permissions import Role
from helpdesk.tickets.models import EventKind, Ticket, TicketCopy, TicketGuest
from helpdesk.tickets.queries.guests import guest_by_link, guests_of, invited_within_hour, open_guest
from helpdesk.tickets.rules import guests as rules
from helpdesk.tickets.services.mails import guest_group, tell_invited
from helpdesk.tickets.services.records import note_deed, note_event


def invite_guest(
    session: Session, ticket: Ticket, *, email: str, locale: str, by: User, secret: str, now: datetime
) -> TicketGuest:
    """Invite an address from outside to this ticket alone, by mail. Whether it has an account elsewhere is not told.

    Raises `MayNotInvite`, `EmailMalformed`, `IsAColleague` (only for who stands in the organisation's own list),
    `AlreadyGuest`, `TooManyGuests`, `TooManyInvited`.
    """
    rules.check_may_invite(by, ticket)
    address = clean_email(email)
    known = user_by_email(session, address)
    if known is not None and known.customer_id == ticket.customer_id:
        raise rules.IsAColleague(email=address)
    earlier = open_guest(session, ticket, address)
    if earlier is not None and not earlier.is_over(now):
        raise rules.AlreadyGuest(email=address)
    if earlier is not None:
        end_guest(session, earlier, by=None, now=now)
    rules.check_numbers(
        on_the_ticket=len(guests_of(session, ticket, now=now)),
        sent_within_hour=invited_within_hour(session, by, now=now),
    )
    guest = TicketGuest(
        ticket=ticket,
        email=address,
        name=address[:120],
        locale=locale,
        time_zone=ticket.customer.time_zone,
        invited_by=by,
        invited_at=now,
        links=0,
        expires_at=now + GUEST_LASTS,
    )
    _send_link(session, guest, secret=secret, now=now)
    note_event(session, ticket, EventKind.GUEST_INVITED, by=by, now=now, person=address)
    _note(session, guest, "guest_invited", by=by, now=now)
    return guest


def invite_again(session: Session, guest: TicketGuest, *, by: User, secret: str, now: datetime) -> None:
    """Send a new link and begin the time anew; `by` answers for it now.

    Raises `MayNotInvite`, `GuestOver`, `LinkSentJustNow`, `TooManyInvited`.
    """
    rules.check_may_invite(by, guest.ticket)
    rules.check_new_link(guest, now=now)
    rules.check_numbers(on_the_ticket=0, sent_within_hour=invited_within_hour(session, by, now=now))
    guest.invited_by = by
    guest.expires_at = now + GUEST_LASTS
    _send_link(session, guest, secret=secret, now=now)
    _note(session, guest, "guest_invited_again", by=by, now=now)


def send_new_link(session: Session, guest: TicketGuest, *, secret: str, now: datetime) -> None:
    """Mail the guest another way in, at their own wish; the time stays. Raises `GuestOver`, `LinkSentJustNow`."""
    rules.check_new_link(guest, now=now)
    _send_link(session, guest, secret=secret, now=now)
    _note(session, guest, "guest_link_sent", by=None, now=now)


def come_in(session: Session, *, token: str, name: str, now: datetime) -> tuple[TicketGuest, str]:
    """Use a link up: the guest, and the random value for the browser's cookie, which is kept nowhere else.

    An earlier browser is out from here on. Raises `LinkOver`, `NameMissing`.
    """
    guest = guest_by_link(session, token, now=now, lock=True)
    if guest is None:
        raise LinkOver
    guest.name = clean_name(name)
    is_first = guest.came_at is None
    visit = secrets.token_urlsafe(32)
    guest.link_hash = None
    guest.visit_hash = sha256(visit.encode()).hexdigest()
    guest.visit_until = min(now + SESSION_ABSOLUTE[Role.CUSTOMER_MEMBER], guest.expires_at)
    guest.came_at = guest.came_at or now
    if is_first:
        note_event(session, guest.ticket, EventKind.GUEST_CAME, by=None, now=now, person=guest.name)
    _note(session, guest, "guest_came", by=None, now=now)
    return guest, visit


def end_guest(session: Session, guest: TicketGuest, *, by: User | None, now: datetime) -> None:
    """End it at once: links and visits open nothing, what waits in the outbox stays there. `by` None: the guest left.

    Twice is once. Raises `MayNotInvite`.
    """
    if by is not None:
        rules.check_may_invite(by, guest.ticket)
    if guest.ended_at is not None:
        return
    guest.ended_at = now
    guest.link_hash = guest.visit_hash = guest.visit_until = None
    _keep_back(session, OutboxMessage.group_key == guest_group(guest), now=now)
    note_event(session, guest.ticket, EventKind.GUEST_ENDED, by=by, now=now, person=guest.name)
    _note(session, guest, "guest_ended", by=by, now=now)


def uncopy(session: Session, ticket: Ticket, *, person: User, by: User, now: datetime) -> None:
    """Let a colleague no longer follow the ticket, at once; one who does not is fine. Raises `NotYourCopy`."""
    copy = session.get(TicketCopy, (ticket.id, person.id))
    if copy is None:
        return
    if not rules.may_uncopy(by, ticket, person_id=person.id, copied_by_id=copy.by_id):
        raise rules.NotYourCopy
    session.delete(copy)
    waiting = (OutboxMessage.group_key == f"ticket:{ticket.id}", OutboxMessage.recipient_id == person.id)
    _keep_back(session, *waiting, now=now)
    note_event(session, ticket, EventKind.UNCOPIED, by=by, now=now, person=person.name)
    note_deed(session, ticket, "uncopied", by=by, now=now, before={"person": person.id})
    session.flush()


def _send_link(session: Session, guest: TicketGuest, *, secret: str, now: datetime) -> None:
    seed = new_seed()
    guest.link_hash = digest_of(seed, secret=secret)
    guest.link_sent_at = now
    guest.link_until = min(now + INVITATION_LASTS, guest.expires_at)
    guest.links += 1
    session.add(guest)
    session.flush()
    tell_invited(session, guest, seed=seed, now=now)


def _keep_back(session: Session, *which: sa.ColumnElement[bool], now: datetime) -> None:
    """Send no mail that still waits."""
    statement = sa.select(OutboxMessage).where(*which, OutboxMessage.state == OutboxState.QUEUED)
    for message in session.scalars(statement):
        withhold(message, now=now)


def _note(session: Session, guest: TicketGuest, deed: str, *, by: User | None, now: datetime) -> None:
    after = {"guest": guest.public_id, "email": guest.email, "until": guest.expires_at.isoformat()}
    note_deed(session, guest.ticket, deed, by=by, now=now, after=after)
    session.flush()
