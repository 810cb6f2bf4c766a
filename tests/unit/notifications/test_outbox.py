"""Mail waits in the outbox; an administrator decides about what failed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from helpdesk.jobs import WorkerBeat
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.queries import (
    PAGE_ROWS,
    OutboxFilter,
    deliveries_about,
    outbox_page,
    waiting_count,
    worker_is_late,
)
from helpdesk.notifications.rules import MailNotDead
from helpdesk.notifications.services import drop, retry
from tests.cast import Cast
from tests.unit.notifications.conftest import put


def test_a_queued_mail_remembers_to_whom_in_which_language_and_about_what(
    session: Session, cast: Cast, now: datetime
) -> None:
    message = put(session, cast.sato, now=now)

    delivery = deliveries_about(session, "ticket", 7)[0]
    assert (message.locale, message.recipient_name, message.state) == ("ja", "佐藤 健", OutboxState.QUEUED)
    assert (delivery.message, delivery.address, delivery.state) == (message, cast.sato.email, DeliveryState.QUEUED)


def test_the_same_event_twice_makes_one_mail(session: Session, cast: Cast, now: datetime) -> None:
    first = put(session, cast.sato, now=now, key="answered:9")
    again = put(session, cast.sato, now=now + timedelta(hours=1), key="answered:9")

    assert again is first
    assert session.scalars(select(func.count()).select_from(Delivery)).one() == 1


def test_a_rolled_back_cause_leaves_no_mail(session: Session, cast: Cast, now: datetime) -> None:
    savepoint = session.begin_nested()
    put(session, cast.sato, now=now)
    savepoint.rollback()

    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_dead_mail_is_tried_again_from_the_beginning(session: Session, cast: Cast, now: datetime) -> None:
    message = put(session, cast.sato, now=now)
    message.state, message.attempts, message.delivery.state = OutboxState.DEAD, 8, DeliveryState.FAILED

    retry(session, message, by_id=cast.root.id, now=now + timedelta(days=2))

    assert (message.state, message.attempts) == (OutboxState.QUEUED, 0)
    assert message.next_attempt_at == now + timedelta(days=2)
    assert message.delivery.state is DeliveryState.QUEUED
    assert message.handled_by_id == cast.root.id


def test_a_dead_mail_can_be_dropped_and_then_stays_dropped(session: Session, cast: Cast, now: datetime) -> None:
    message = put(session, cast.sato, now=now)
    message.state = OutboxState.DEAD

    drop(session, message, by_id=cast.root.id, now=now)

    assert (message.state, message.delivery.state) == (OutboxState.DROPPED, DeliveryState.FAILED)
    with pytest.raises(MailNotDead):
        retry(session, message, by_id=cast.root.id, now=now)


def test_a_waiting_mail_is_neither_dropped_nor_retried(session: Session, cast: Cast, now: datetime) -> None:
    message = put(session, cast.sato, now=now)

    for deed in (drop, retry):
        with pytest.raises(MailNotDead):
            deed(session, message, by_id=cast.root.id, now=now)


def test_the_list_is_newest_first_in_pages_with_one_statement_each(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(PAGE_ROWS + 1):
        put(session, cast.sato, now=now, key=str(number))
    session.expire_all()
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *words: statements.append(words[2]))

    first = outbox_page(session, OutboxFilter.ALL)
    addresses = {message.delivery.address for message in first.rows}

    assert (len(first.rows), addresses, len(statements)) == (PAGE_ROWS, {cast.sato.email}, 1)
    assert first.next_key is not None
    rest = outbox_page(session, OutboxFilter.ALL, before=int(first.next_key))
    assert [message.dedupe_key for message in rest.rows] == ["mail:0"]
    assert rest.next_key is None


def test_the_list_can_be_filtered_by_what_became_of_the_mail(session: Session, cast: Cast, now: datetime) -> None:
    for state in OutboxState:
        put(session, cast.sato, now=now, key=state.value).state = state
    session.flush()

    listed = {chosen: [m.state for m in outbox_page(session, chosen).rows] for chosen in OutboxFilter}

    assert listed[OutboxFilter.WAITING] == [OutboxState.QUEUED]
    assert listed[OutboxFilter.SENT] == [OutboxState.SENT]
    assert listed[OutboxFilter.DEAD] == [OutboxState.DROPPED, OutboxState.DEAD]
    assert len(listed[OutboxFilter.ALL]) == len(OutboxState)
    assert waiting_count(session) == 1


def test_one_worker_that_lives_is_enough(session: Session, now: datetime) -> None:
    assert worker_is_late(session, now)

    session.add_all(
        [
            WorkerBeat(name="a:1", at=now - timedelta(hours=1)),
            WorkerBeat(name="b:2", at=now - timedelta(seconds=9)),
        ]
    )
    session.flush()

    assert not worker_is_late(session, now)
