"""People from outside on one ticket, and colleagues who no longer follow one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.links import LinkOver
from helpdesk.audit.models import AuditEntry
from helpdesk.errors import DomainError
from helpdesk.limits import GUEST_LASTS, GUESTS_A_TICKET, INVITATION_LASTS, INVITATIONS_PER_HOUR, RESEND_AFTER
from helpdesk.notifications.models import OutboxState
from helpdesk.tickets.models import EventKind, Ticket, TicketGuest, TicketState
from helpdesk.tickets.queries import copied_on, visible_ticket
from helpdesk.tickets.queries.guests import guest_by_link, guests_of, messages_for, visiting_guest, waiting_guest
from helpdesk.tickets.rules.guests import (
    AlreadyGuest,
    GuestOver,
    IsAColleague,
    LinkSentJustNow,
    MayNotInvite,
    NotYourCopy,
    TooManyGuests,
    TooManyInvited,
)
from helpdesk.tickets.services import (
    add_note,
    come_in,
    confirm,
    copy_in,
    end_guest,
    invite_again,
    invite_guest,
    reply,
    reply_as_guest,
    send_new_link,
    uncopy,
)
from helpdesk.tickets.services.joining import OnlyMessage, merge, split
from tests.cast import Cast
from tests.mailed import SECRET_KEY, mails, token
from tests.unit.tickets.scenes import CALENDAR, HOUR, opened, resolved

AUDITOR = "ma.lin@audit.example"


def invited(session: Session, ticket: Ticket, cast: Cast, now: datetime, email: str = AUDITOR) -> TicketGuest:
    return invite_guest(session, ticket, email=email, locale="zh-Hans", by=cast.wang_fang, secret=SECRET_KEY, now=now)


def arrived(session: Session, ticket: Ticket, cast: Cast, now: datetime) -> tuple[TicketGuest, str]:
    invited(session, ticket, cast, now)
    return come_in(session, token=token(session, "guest_invited"), name="马琳", now=now)


def deeds(session: Session, ticket: Ticket) -> list[str]:
    entries = sa.select(AuditEntry.action).where(AuditEntry.object_id == ticket.ref).order_by(AuditEntry.id)
    return [deed for deed in session.scalars(entries) if "guest" in deed or "cop" in deed]


def test_a_billing_contact_or_an_agent_invites_and_nobody_else(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.li_na, now)

    for who in (cast.li_na, cast.sato, cast.emma):
        with pytest.raises(MayNotInvite):
            invite_guest(session, ticket, email=AUDITOR, locale="en", by=who, secret=SECRET_KEY, now=now)
    for who, email in ((cast.wang_fang, AUDITOR), (cast.tom, "other@audit.example")):
        invite_guest(session, ticket, email=email.upper(), locale="en", by=who, secret=SECRET_KEY, now=now)

    assert [guest.email for guest in guests_of(session, ticket, now=now)] == [AUDITOR, "other@audit.example"]
    assert deeds(session, ticket) == ["ticket.guest_invited"] * 2


def test_the_invitation_names_who_invites_and_no_word_of_the_ticket(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now, subject="KANARIENVOGEL")
    invited(session, ticket, cast, now)

    [mail] = mails(session, "guest_invited")
    assert (mail.recipient_id, mail.delivery.address, mail.payload["by"]) == (None, AUDITOR, "王芳")
    assert "KANARIENVOGEL" not in str(mail.payload)
    assert ticket.ref not in str(mail.payload)


def test_nothing_is_mailed_before_the_guest_came(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    invited(session, ticket, cast, now)

    reply(session, ticket, body="We look into it.", by=cast.tom, now=now + HOUR)
    assert not mails(session, "guest_answered")
    come_in(session, token=token(session, "guest_invited"), name="马琳", now=now + HOUR)
    reply(session, ticket, body="The fee was prorated.", by=cast.tom, now=now + 2 * HOUR)
    add_note(session, ticket, body="Internal.", by=cast.tom, now=now + 2 * HOUR)

    [mail] = mails(session, "guest_answered")
    assert (mail.payload["body"], mail.payload["by"], mail.recipient_name) == ("The fee was prorated.", "王芳", "马琳")


def test_a_link_works_once_and_begins_the_only_visit(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest, first = arrived(session, ticket, cast, now)
    used = token(session, "guest_invited")

    with pytest.raises(LinkOver):
        come_in(session, token=used, name="Somebody else", now=now)
    assert visiting_guest(session, guest.public_id, first, now=now) is guest
    assert visiting_guest(session, guest.public_id, "", now=now) is None

    send_new_link(session, guest, secret=SECRET_KEY, now=now + HOUR)
    _, second = come_in(session, token=token(session, "guest_invited"), name="马琳", now=now + HOUR)

    assert visiting_guest(session, guest.public_id, first, now=now + HOUR) is None
    assert visiting_guest(session, guest.public_id, second, now=now + HOUR) is guest


def test_a_link_an_invitation_and_a_visit_each_have_their_time(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest = invited(session, ticket, cast, now)
    word = token(session, "guest_invited")

    assert guest_by_link(session, word, now=now + INVITATION_LASTS - HOUR) is guest
    assert guest_by_link(session, word, now=now + INVITATION_LASTS) is None
    _, visit = come_in(session, token=word, name="马琳", now=now)
    assert visiting_guest(session, guest.public_id, visit, now=now + timedelta(days=8)) is None
    assert waiting_guest(session, guest.public_id, now=now + timedelta(days=8)) is guest
    assert waiting_guest(session, guest.public_id, now=now + GUEST_LASTS) is None
    with pytest.raises(GuestOver):
        reply_as_guest(session, guest, body="Late.", now=now + GUEST_LASTS)
    reply(session, ticket, body="An answer.", by=cast.tom, now=now + GUEST_LASTS)
    assert not mails(session, "guest_answered")


def test_a_link_of_who_left_the_house_lets_nobody_in(session: Session, cast: Cast, now: datetime) -> None:
    invited(session, opened(session, cast.li_na, now), cast, now)
    cast.wang_fang.disabled_at = now

    with pytest.raises(LinkOver):
        come_in(session, token=token(session, "guest_invited"), name="马琳", now=now)


def test_a_guest_writes_as_the_customers_side_under_their_own_name(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest, _ = arrived(session, ticket, cast, now)
    reply(session, ticket, body="Which line?", by=cast.tom, now=now + HOUR)
    add_note(session, ticket, body="Internal.", by=cast.tom, now=now + HOUR)

    message = reply_as_guest(session, guest, body="Line 3.", now=now + 2 * HOUR, calendar=CALENDAR)

    assert (message.writer.name, message.is_ours, message.author) == ("马琳", False, None)
    assert ticket.state is TicketState.OPEN
    assert [each.body for each in messages_for(session, guest)] == [
        "为什么七月的金额比上月多？",
        "Which line?",
        "Line 3.",
    ]


def test_a_guests_words_open_a_resolved_ticket_but_not_a_closed_one(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)
    guest, _ = arrived(session, ticket, cast, now)

    reply_as_guest(session, guest, body="Not yet.", now=now + 2 * HOUR, calendar=CALENDAR)
    assert ticket.state is TicketState.OPEN
    confirm(session, ticket, by=cast.wang_fang, now=now + 3 * HOUR)
    with pytest.raises(DomainError, match="closed"):
        reply_as_guest(session, guest, body="Again.", now=now + 4 * HOUR, calendar=CALENDAR)


def test_what_is_taken_back_ends_at_once_even_what_waits_to_be_mailed(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest, visit = arrived(session, ticket, cast, now)
    reply(session, ticket, body="An answer.", by=cast.tom, now=now + HOUR)

    end_guest(session, guest, by=cast.wang_fang, now=now + HOUR)
    end_guest(session, guest, by=cast.tom, now=now + HOUR)

    assert [mail.state for mail in mails(session) if mail.group_key.startswith("guest:")] == [
        OutboxState.PORTAL_ONLY,
        OutboxState.PORTAL_ONLY,
    ]
    assert visiting_guest(session, guest.public_id, visit, now=now + HOUR) is None
    assert waiting_guest(session, guest.public_id, now=now + HOUR) is None
    with pytest.raises(GuestOver):
        reply_as_guest(session, guest, body="Still here?", now=now + HOUR)
    with pytest.raises(GuestOver):
        invite_again(session, guest, by=cast.wang_fang, secret=SECRET_KEY, now=now + HOUR)
    assert deeds(session, ticket) == ["ticket.guest_invited", "ticket.guest_came", "ticket.guest_ended"]
    told = [event.kind for event in ticket.events if "guest" in event.kind.value]
    assert told == [EventKind.GUEST_INVITED, EventKind.GUEST_CAME, EventKind.GUEST_ENDED]


def test_who_left_may_be_invited_anew(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest, _ = arrived(session, ticket, cast, now)
    end_guest(session, guest, by=None, now=now)

    again = invited(session, ticket, cast, now + HOUR)

    assert guests_of(session, ticket, now=now + HOUR) == [again]
    assert again.came_at is None


def test_a_colleague_is_copied_in_and_an_account_elsewhere_is_not_told_of(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    with pytest.raises(IsAColleague):
        invited(session, ticket, cast, now, cast.li_na.email)
    for email in (cast.sato.email, cast.emma.email):
        assert invited(session, ticket, cast, now, email).email == email
    with pytest.raises(AlreadyGuest):
        invited(session, ticket, cast, now, cast.sato.email)
    assert visible_ticket(session, cast.sato, ticket.number) is None


def test_guests_and_invitations_have_a_limit(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    for turn in range(GUESTS_A_TICKET):
        invited(session, ticket, cast, now, f"{turn}@audit.example")
    with pytest.raises(TooManyGuests):
        invited(session, ticket, cast, now)

    for turn in range(INVITATIONS_PER_HOUR - GUESTS_A_TICKET):
        invited(session, opened(session, cast.wang_fang, now), cast, now, f"{turn}@more.example")
    other = opened(session, cast.wang_fang, now)
    with pytest.raises(TooManyInvited):
        invited(session, other, cast, now)
    assert invited(session, other, cast, now + HOUR)


def test_a_new_link_waits_a_while_and_inviting_again_renews_the_time(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest = invited(session, ticket, cast, now)
    earlier = token(session, "guest_invited")
    with pytest.raises(LinkSentJustNow):
        send_new_link(session, guest, secret=SECRET_KEY, now=now)

    invite_again(session, guest, by=cast.tom, secret=SECRET_KEY, now=now + RESEND_AFTER)

    assert guest.expires_at == now + RESEND_AFTER + GUEST_LASTS
    assert guest.invited_by is cast.tom
    assert guest_by_link(session, earlier, now=now + RESEND_AFTER) is None
    assert guest_by_link(session, token(session, "guest_invited"), now=now + RESEND_AFTER) is guest


def test_a_merge_or_a_split_takes_no_guest_along(session: Session, cast: Cast, now: datetime) -> None:
    ticket, into = opened(session, cast.wang_fang, now), opened(session, cast.wang_fang, now)
    guest, _ = arrived(session, ticket, cast, now)
    words = reply_as_guest(session, guest, body="Line 3.", now=now + HOUR)
    session.refresh(ticket)

    with pytest.raises(OnlyMessage):
        split(session, ticket, words, by=cast.tom, now=now + HOUR, calendar=CALENDAR)
    merge(session, ticket, into, by=cast.tom, now=now + HOUR)

    assert messages_for(session, guest) == []
    assert guests_of(session, into, now=now + HOUR) == []


def test_a_copy_is_taken_back_by_who_gave_it_a_contact_an_agent_or_the_person(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    for by in (cast.wang_fang, cast.tom, cast.li_na):
        copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
        uncopy(session, ticket, person=cast.li_na, by=by, now=now)
        assert copied_on(session, ticket) == []
    assert visible_ticket(session, cast.li_na, ticket.number) is None
    assert deeds(session, ticket) == ["ticket.copied", "ticket.uncopied"] * 3
    assert [event.kind for event in ticket.events if "copied" in event.kind.value][-1] is EventKind.UNCOPIED


def test_who_asked_takes_back_the_copy_they_gave_and_no_other(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.li_na, now)
    copy_in(session, ticket, person=cast.wang_fang, by=cast.tom, now=now)

    with pytest.raises(NotYourCopy):
        uncopy(session, ticket, person=cast.wang_fang, by=cast.li_na, now=now)
    uncopy(session, ticket, person=cast.wang_fang, by=cast.tom, now=now)
    copy_in(session, ticket, person=cast.wang_fang, by=cast.li_na, now=now)
    uncopy(session, ticket, person=cast.wang_fang, by=cast.li_na, now=now)

    assert copied_on(session, ticket) == []


def test_who_is_no_longer_copied_gets_no_mail_not_even_one_that_waits(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
    reply(session, ticket, body="An answer.", by=cast.tom, now=now + HOUR)

    uncopy(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now + HOUR)
    reply(session, ticket, body="More.", by=cast.tom, now=now + 2 * HOUR)

    hers = [mail for mail in mails(session) if mail.recipient_id == cast.li_na.id]
    assert {mail.state for mail in hers} == {OutboxState.PORTAL_ONLY}
    assert [mail.kind for mail in hers] == ["ticket_copied", "ticket_answered"]
