"""The worker sends what waits: in order, threaded, again after a failure, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session

from helpdesk.accounts.addressee import Addressee
from helpdesk.extensions import db
from helpdesk.notifications.breaker import Breaker
from helpdesk.notifications.claims import claim_next
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.models import DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.rendering import Rendered
from helpdesk.notifications.results import note_failed, note_sent
from helpdesk.notifications.rules import LEASE, TRIES
from helpdesk.notifications.services import retry
from helpdesk.notifications.transports import MemoryTransport, RefusedError, UnreachableError
from tests.cast import Cast
from tests.unit.notifications.conftest import put

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def transport() -> MemoryTransport:
    """A mail server that takes everything."""
    return MemoryTransport()


def deliver(transport: MemoryTransport, now: datetime, *, limit: int = 50) -> int:
    """Run one batch."""
    return deliver_due(db.sessionmaker, transport, now=now, limit=limit)


def refuse(word: str, error: Exception) -> Callable[[EmailMessage], None]:
    """A server that refuses mails whose recipient contains `word`."""

    def before(mail: EmailMessage) -> None:
        if word in str(mail["To"]):
            raise error

    return before


def again(session: Session, message: OutboxMessage) -> OutboxMessage:
    """The message as the database has it now."""
    session.refresh(message)
    session.refresh(message.delivery)
    return message


def test_a_due_mail_goes_out_and_the_evidence_is_kept(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    message = put(session, cast.tom, now=now)

    assert deliver(transport, now) == 1

    again(session, message)
    mail = transport.sent[0]
    assert (message.state, message.delivery.state) == (OutboxState.SENT, DeliveryState.ACCEPTED)
    assert message.subject == mail["Subject"] == "Your password was changed"
    assert "http://localhost/account" in message.body
    assert mail["Message-ID"] == message.delivery.mail_message_id
    assert message.leased_until is None
    assert deliver(transport, now + timedelta(days=1)) == 0


def test_a_mail_of_tomorrow_waits(session: Session, cast: Cast, transport: MemoryTransport, now: datetime) -> None:
    put(session, cast.tom, now=now + timedelta(days=1))

    assert deliver(transport, now) == 0
    assert transport.closed == 0


def test_mails_of_one_group_form_a_thread_for_each_person(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    for number in range(3):
        put(session, cast.tom, now=now, key=f"tom{number}")
    put(session, cast.mei, now=now, key="mei")
    put(session, cast.tom, now=now, key="other", group="ticket:8")

    deliver(transport, now)

    first, second, third, mei, other = transport.sent
    one, two = first["Message-ID"], second["Message-ID"]
    assert (first["In-Reply-To"], first["References"]) == (None, None)
    assert (second["In-Reply-To"], second["References"]) == (one, one)
    assert (third["In-Reply-To"], third["References"]) == (two, f"{one} {two}")
    assert mei["In-Reply-To"] is None
    assert other["In-Reply-To"] is None
    assert {mail["Auto-Submitted"] for mail in transport.sent} == {"auto-generated"}


def test_an_earlier_mail_of_the_group_holds_back_the_later_ones_of_that_person_only(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    put(session, cast.tom, now=now, key="1")
    later = put(session, cast.tom, now=now, key="2")
    put(session, cast.mei, now=now, key="3")
    put(session, cast.emma, now=now, key="4", group="ticket:8")
    transport.before = refuse("tom@", RefusedError("451 later", permanent=False))

    assert deliver(transport, now) == 2
    assert again(session, later).attempts == 0

    transport.before = None
    assert deliver(transport, now + timedelta(minutes=1)) == 2
    assert transport.sent[3]["In-Reply-To"] == transport.sent[2]["Message-ID"]


def test_mails_to_somebody_without_an_account_keep_their_order_too(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    guest = Addressee(None, "ma.lin@audit.example", "Ma Lin", "en", "Asia/Shanghai")
    first = put(session, guest, now=now, key="1", group="guest:1")
    put(session, guest, now=now, key="2", group="guest:1")
    put(session, guest, now=now, key="3", group="guest:2")
    first.next_attempt_at = now + timedelta(hours=1)
    session.flush()

    assert cast
    assert deliver(transport, now) == 1
    assert deliver(transport, now + timedelta(hours=2)) == 2


def test_a_refused_mail_is_tried_again_later_and_later_and_is_dead_in_the_end(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    message = put(session, cast.tom, now=now)
    transport.before = refuse("tom@", RefusedError("451 mailbox busy", permanent=False))
    at, waits = now, []

    while again(session, message).state is OutboxState.QUEUED:
        deliver(transport, at)
        assert deliver(transport, at) == 0
        waits.append((again(session, message).next_attempt_at - at).total_seconds())
        at = message.next_attempt_at + timedelta(seconds=1)

    assert message.attempts == TRIES == len(waits)
    assert 22 < waits[0] < 38 < waits[1] < waits[2] < waits[3]
    assert (message.state, message.delivery.state) == (OutboxState.DEAD, DeliveryState.FAILED)
    assert message.last_error == "451 mailbox busy"
    assert message.subject == "Your password was changed"


def test_a_mailbox_that_does_not_exist_is_dead_at_once_and_a_retry_by_hand_sends_it(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    message = put(session, cast.tom, now=now)
    transport.before = refuse("tom@", RefusedError("550 no such user", permanent=True))
    deliver(transport, now)
    assert again(session, message).state is OutboxState.DEAD
    identifier = message.delivery.mail_message_id

    transport.before = None
    retry(session, message, by_id=cast.root.id, now=now)
    session.flush()

    assert deliver(transport, now) == 1
    assert transport.sent[0]["Message-ID"] == identifier


def test_a_mail_that_cannot_be_written_never_blocks_the_others(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    poisoned = put(session, cast.tom, now=now, key="1", kind="no_such_kind")
    put(session, cast.mei, now=now, key="2")

    assert deliver(transport, now) == 1

    assert "no_such_kind" in str(again(session, poisoned).last_error)
    assert (poisoned.state, poisoned.attempts) == (OutboxState.QUEUED, 1)


def test_an_unreachable_server_ends_the_batch_and_costs_no_try(
    session: Session, cast: Cast, transport: MemoryTransport, now: datetime
) -> None:
    messages = [put(session, person, now=now, key=person.name) for person in (cast.tom, cast.mei)]
    breaker = Breaker()
    transport.before = refuse("@", UnreachableError("connection refused"))

    deliver_due(db.sessionmaker, transport, now=now, breaker=breaker)
    deliver_due(db.sessionmaker, transport, now=now, breaker=breaker)

    assert [again(session, message).attempts for message in messages] == [0, 0]
    assert breaker.failures == 1
    transport.before = None
    later = now + timedelta(minutes=1)
    assert deliver_due(db.sessionmaker, transport, now=later, breaker=breaker) == 2
    assert breaker.failures == 0


def test_a_claimed_mail_is_nobody_elses_until_the_lease_ends(session: Session, cast: Cast, now: datetime) -> None:
    put(session, cast.tom, now=now)

    first = claim_next(db.sessionmaker, token="a", now=now)  # noqa: S106 - the name of a worker

    assert first is not None
    assert claim_next(db.sessionmaker, token="b", now=now + LEASE - timedelta(seconds=1)) is None  # noqa: S106
    second = claim_next(db.sessionmaker, token="b", now=now + LEASE)  # noqa: S106
    assert second is not None
    assert second.message_id == first.message_id


def test_who_lost_the_lease_writes_down_nothing(session: Session, cast: Cast, now: datetime) -> None:
    message = put(session, cast.tom, now=now)
    slow = claim_next(db.sessionmaker, token="slow", now=now)  # noqa: S106 - the name of a worker
    quick = claim_next(db.sessionmaker, token="quick", now=now + LEASE)  # noqa: S106
    assert slow is not None
    assert quick is not None

    note_failed(db.sessionmaker, slow, rendered=None, error="too late", permanent=True, now=now + LEASE)
    assert again(session, message).state is OutboxState.QUEUED
    note_sent(db.sessionmaker, quick, rendered=Rendered("a", "b", "c"), now=now + LEASE)
    note_failed(db.sessionmaker, slow, rendered=None, error="too late", permanent=True, now=now + LEASE)

    assert (again(session, message).state, message.last_error) == (OutboxState.SENT, None)


def test_a_batch_has_an_end(session: Session, cast: Cast, transport: MemoryTransport, now: datetime) -> None:
    for number in range(5):
        put(session, cast.tom, now=now, key=str(number))

    assert [deliver(transport, now, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert transport.closed == 3
