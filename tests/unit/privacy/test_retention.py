"""What is thrown away when its days are over, and what stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.audit.models import AuditEntry
from helpdesk.clock import utc_now
from helpdesk.db import Base
from helpdesk.extensions import settings
from helpdesk.limits import GUEST_LASTS
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.notifications.services import queue_mail, withhold
from helpdesk.privacy.commands import privacy
from helpdesk.privacy.jobs import keep_to_retention
from helpdesk.privacy.retention import kinds, overdue, retain
from helpdesk.search.models import LoggedQuery
from helpdesk.tickets.models import Presence, Ticket, TicketGuest
from helpdesk.tickets.queries.guests import guest_by_link
from helpdesk.tickets.services import end_guest, invite_guest, reply_as_guest
from tests.cast import Cast
from tests.conftest import SECRET_KEY
from tests.unit.tickets.scenes import opened

OUTSIDE = "ma.lin@audit.example"


@pytest.fixture(autouse=True)
def _in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def went(found: list[Any]) -> dict[str, int]:
    return {one.kind: one.rows for one in found if one.rows}


def sent(session: Session, cast: Cast, subject_type: str, at: datetime) -> OutboxMessage:
    message = queue_mail(
        session, kind="ticket_answered", recipient=cast.wang_fang, subject_type=subject_type, subject_id=1,
        group_key="g", dedupe_key=f"{subject_type}{at}", payload={"path": "/tickets/1", "body": "private"}, now=at,
    )  # fmt: skip
    message.state, message.done_at, message.subject, message.body = OutboxState.SENT, at, "Answer", "private"
    return message


def shown(session: Session, cast: Cast, kind: str, at: datetime) -> OutboxMessage:
    """Something that Wang Fang was told in the portal alone."""
    message = queue_mail(
        session, kind=kind, recipient=cast.wang_fang, subject_type="ticket", subject_id=1,
        group_key="g", dedupe_key=f"{kind}{at}", payload={"path": "/tickets/1"}, now=at,
    )  # fmt: skip
    withhold(message, now=at)
    return message


def guest(session: Session, ticket: Ticket, cast: Cast, ended: datetime, email: str = OUTSIDE) -> TicketGuest:
    """Somebody from outside whose access ended then."""
    made = invite_guest(
        session, ticket, email=email, locale="en", by=cast.tom, secret=SECRET_KEY, now=ended - GUEST_LASTS / 2
    )
    end_guest(session, made, by=cast.tom, now=ended)
    return made


def old_things(session: Session, cast: Cast, now: datetime) -> None:
    """Two of each kind: one a moment too old, one that is still in time."""
    ticket = opened(session, cast.wang_fang, now)
    for extra in (timedelta(seconds=1), timedelta(seconds=-1)):
        days = {kind.name: now - timedelta(days=kind.days or 0) - extra for kind in kinds(settings())}
        begin_session(session, cast.li_na, device="-", address="127.0.0.1", now=days["ended_sessions"])
        session.add_all([
            SignInAttempt(account_key="k", network="n", at=days["sign_in_attempts"]),
            LoggedQuery(text="q", locale="en", is_public=True, results=0, at=days["search_log"]),
        ])  # fmt: skip
        person = cast.tom if extra > timedelta(0) else cast.mei
        session.add(Presence(ticket_id=ticket.id, user_id=person.id, writing=False, at=days["ticket_presence"]))
        for subject_type in ("ticket", "suspension_case"):
            sent(session, cast, subject_type, days["sent_mail_texts"])
        shown(session, cast, "ticket_closed", days["portal_notifications"])
        guest(session, ticket, cast, days["guest_addresses"])
    session.flush()


EXPECTED = {
    "ended_sessions": 1,
    "sign_in_attempts": 1,
    "search_log": 1,
    "sent_mail_texts": 1,
    "portal_notifications": 1,
    "guest_addresses": 1,
    "ticket_presence": 1,
}


def test_what_would_go_is_what_goes_and_then_nothing_is_left_to_go(session: Session, cast: Cast, now: datetime) -> None:
    old_things(session, cast, now)

    assert went(overdue(session, settings(), now=now)) == EXPECTED
    assert went(overdue(session, settings(), now=now)) == EXPECTED
    assert went(retain(session, settings(), actor_id=None, now=now)) == EXPECTED
    assert went(retain(session, settings(), actor_id=None, now=now)) == {}

    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "privacy.retention")).all()
    assert [entry.after for entry in entries] == [EXPECTED]


def test_a_mail_keeps_its_subject_and_where_it_leads_and_a_notice_keeps_its_text(
    session: Session, cast: Cast, now: datetime
) -> None:
    long_ago = now - timedelta(days=3000)
    ticket, notice = (sent(session, cast, kind, long_ago) for kind in ("ticket", "suspension_case"))
    session.flush()

    retain(session, settings(), actor_id=None, now=now)

    assert (ticket.subject, ticket.body, ticket.payload) == ("Answer", "", {"path": "/tickets/1"})
    assert (notice.body, notice.payload["body"]) == ("private", "private")


def test_what_was_shown_in_the_portal_alone_goes_whole_and_what_is_essential_or_waits_stays(
    session: Session, cast: Cast, now: datetime
) -> None:
    long_ago = now - timedelta(days=3000)
    shown(session, cast, "ticket_closed", long_ago)
    answer = shown(session, cast, "ticket_answered", long_ago)
    waiting = queue_mail(
        session, kind="ticket_closed", recipient=cast.li_na, subject_type="ticket", subject_id=1,
        group_key="g", dedupe_key="waiting", payload={}, now=long_ago,
    )  # fmt: skip
    session.flush()

    retain(session, settings(), actor_id=None, now=now)

    assert set(session.scalars(sa.select(OutboxMessage))) == {answer, waiting}
    assert set(session.scalars(sa.select(Delivery.message_id))) == {answer.id, waiting.id}


def everything_about(session: Session, word: str) -> list[str]:
    """The tables beside the audit trail where a word stands."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table.name != "audit_entry"
        for row in session.execute(sa.select(table))
        if word in str(row)
    ]


def test_the_address_of_a_guest_goes_everywhere_and_what_they_wrote_stays_under_their_name(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket, then = opened(session, cast.wang_fang, now), now - timedelta(days=400)
    came, never = (
        invite_guest(session, ticket, email=email, locale="en", by=cast.tom, secret=SECRET_KEY, now=then)
        for email in (OUTSIDE, "nobody.came@audit.example")
    )
    came.came_at, came.name = then, "Ma Lin"
    reply_as_guest(session, came, body="Our figures differ.", now=then)
    for message in session.scalars(sa.select(OutboxMessage).where(OutboxMessage.group_key.like("guest:%"))):
        message.state, message.done_at, message.body = OutboxState.SENT, then, f"To {OUTSIDE}"
    session.flush()

    retain(session, settings(), actor_id=None, now=now)
    session.expire_all()

    assert (everything_about(session, OUTSIDE), everything_about(session, "nobody.came@")) == ([], [])
    assert (came.name, never.name, came.ended_at) == ("Ma Lin", "•••", came.expires_at)
    assert ticket.messages[-1].body == "Our figures differ."
    assert guest_by_link(session, "anything", now=now) is None


def test_a_guest_who_was_invited_again_keeps_the_address_until_the_later_time_is_over(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest(session, ticket, cast, now - timedelta(days=400))
    again = guest(session, ticket, cast, now - timedelta(days=300))

    retain(session, settings(), actor_id=None, now=now)
    assert again.email == OUTSIDE
    assert "ticket_event" in everything_about(session, OUTSIDE)

    retain(session, settings(), actor_id=None, now=now + timedelta(days=66))
    assert everything_about(session, OUTSIDE) == []


def test_how_long_things_stay_is_the_operators_choice(
    session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(session, cast, "ticket_closed", now - timedelta(days=40))
    session.add(LoggedQuery(text="q", locale="en", is_public=True, results=0, at=now - timedelta(days=40)))
    sent(session, cast, "ticket", now - timedelta(days=40))
    guest(session, opened(session, cast.wang_fang, now), cast, now - timedelta(days=40))
    session.flush()
    assert went(overdue(session, settings(), now=now)) == {}

    for name in ("notification_keep_days", "search_keep_days", "sent_mail_keep_days", "guest_keep_days"):
        monkeypatch.setattr(settings(), name, 39)

    assert went(overdue(session, settings(), now=now)) == {
        "search_log": 1,
        "sent_mail_texts": 1,
        "portal_notifications": 1,
        "guest_addresses": 1,
    }


@pytest.mark.parametrize("switch", ["off", "on"])
def test_the_daily_job_does_nothing_unless_it_is_switched_on(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    session.add(LoggedQuery(text="q", locale="en", is_public=True, results=0, at=now - timedelta(days=3000)))
    session.flush()

    monkeypatch.setattr(settings(), "retention", switch)
    keep_to_retention(session, now)

    left = session.scalar(sa.select(sa.func.count()).select_from(LoggedQuery))
    assert left == (0 if switch == "on" else 1)


def test_the_console_tells_one_kind_a_line_and_a_dry_run_leaves_everything(session: Session) -> None:
    session.add(LoggedQuery(text="q", locale="en", is_public=True, results=0, at=utc_now() - timedelta(days=3000)))
    session.commit()

    for arguments, rows in ((["--dry-run"], 1), ([], 1), ([], 0)):
        answer = CliRunner().invoke(privacy, ["retention", *arguments])
        assert answer.exit_code == 0, answer.output
        told = [json.loads(line) for line in answer.stdout.splitlines()]
        assert [line["kind"] for line in told] == [kind.name for kind in kinds(settings())]
        assert {line["kind"]: line["rows"] for line in told}["search_log"] == rows
