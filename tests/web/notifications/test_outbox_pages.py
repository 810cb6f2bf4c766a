"""The outbox in the workspace."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.jobs import WorkerBeat
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.models import DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.queries import PAGE_ROWS
from helpdesk.notifications.services import queue_mail
from helpdesk.notifications.transports import MemoryTransport, UnreachableError
from helpdesk.pump import Pump
from tests.browse import Browse
from tests.cast import Cast


def put(
    session: Session, person: User, now: datetime, *, key: str = "1", kind: str = "password_changed"
) -> OutboxMessage:
    """Queue a mail."""
    return queue_mail(
        session,
        kind=kind,
        recipient=person,
        subject_type="user",
        subject_id=person.id,
        group_key=f"user:{key}",
        dedupe_key=key,
        payload={"at": now.isoformat(), "url": "/account"},
        now=now,
    )


def kill(message: OutboxMessage) -> OutboxMessage:
    """Let a mail be dead."""
    message.state, message.attempts, message.last_error = OutboxState.DEAD, 8, "550 no <such> user"
    message.delivery.state = DeliveryState.FAILED
    return message


@pytest.fixture
def _alive(session: Session) -> None:
    """A worker that runs."""
    session.add(WorkerBeat(name="a:1", at=utc_now()))
    session.flush()


@pytest.mark.usefixtures("_alive")
def test_an_empty_outbox_explains_itself(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.tom).get("/work/mail")

    assert "appears here as soon as there is some" in page.text
    assert "Mail is delayed" not in page.text


@pytest.mark.usefixtures("_alive")
def test_a_sent_mail_shows_what_the_recipient_was_told(
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    message = put(session, cast.mei, now)
    with app.app_context():
        deliver_due(db.sessionmaker, MemoryTransport(), now=now)
    session.expire_all()

    listed = browse.sign_in(cast.tom).get("/work/mail")
    page = browse.get(f"/work/mail/{message.public_id}")

    assert "Your password was changed" in listed.text
    for word in ("mei@partner.example", "Hello Mei Lin,", message.delivery.mail_message_id, "Sent"):
        assert word in page.text
    assert "Try again" not in page.text


def test_a_waiting_mail_is_shown_as_it_will_read_in_its_own_language(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    message = put(session, cast.sato, now)

    page = browse.sign_in(cast.tom).get(f"/work/mail/{message.public_id}")

    assert page.all("html")[0]["lang"] == "en"
    assert page.all("pre")[0]["lang"] == "ja"
    assert "佐藤 健" in page.text
    assert "This is how the mail will read." in page.text


def test_a_stopped_worker_is_said_on_the_page(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    put(session, cast.mei, now)

    page = browse.sign_in(cast.tom).get("/work/mail")

    assert "Mail is delayed: the worker is not running." in page.text
    assert "1 mail is waiting." in page.text


def test_a_mail_whose_templates_are_broken_still_has_its_page(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    message = put(session, cast.mei, now, kind="no_such_kind")

    assert "(no subject yet)" in browse.sign_in(cast.tom).get("/work/mail").text
    assert "cannot be shown" in browse.get(f"/work/mail/{message.public_id}").text


def test_markup_in_a_mail_stays_text(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    message = kill(put(session, cast.mei, now))
    message.subject, message.body = "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"
    session.flush()

    page = browse.sign_in(cast.tom).get(f"/work/mail/{message.public_id}")

    assert "<script>alert(1)</script>" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "550 no <such> user" in page.text
    assert page.all("img") == []


def test_the_list_goes_on_and_can_be_filtered(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    messages = [put(session, cast.mei, now, key=str(number)) for number in range(PAGE_ROWS + 2)]
    kill(messages[0])
    session.flush()

    page = browse.sign_in(cast.tom).get("/work/mail")
    assert len(page.all("tr")) == PAGE_ROWS + 1
    more = browse.get(page.all("a", rel="next")[0]["href"])
    dead = browse.get("/work/mail?state=dead")

    assert len(more.all("tr")) == 3
    assert len(dead.all("tr")) == 2
    assert dead.all("a", aria_current="page", href="/work/mail?state=dead")
    assert len(browse.get("/work/mail?state=nonsense&before=x").all("tr")) == PAGE_ROWS + 1


def test_an_administrator_tries_a_dead_mail_again(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    message = kill(put(session, cast.mei, now))
    session.flush()

    page = browse.sign_in(cast.root).get(f"/work/mail/{message.public_id}")
    assert {form["action"] for form in page.all("form")} >= {
        f"/work/mail/{message.public_id}/retry",
        f"/work/mail/{message.public_id}/drop",
    }
    page = browse.post(f"/work/mail/{message.public_id}/retry")

    assert "The mail will be tried again." in page.text
    session.refresh(message)
    assert (message.state, message.handled_by_id) == (OutboxState.QUEUED, cast.root.id)


def test_an_administrator_drops_a_dead_mail_once(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    message = kill(put(session, cast.mei, now))
    session.flush()

    page = browse.sign_in(cast.root).post(f"/work/mail/{message.public_id}/drop")
    again = browse.post(f"/work/mail/{message.public_id}/drop", status=409)

    assert "The mail was dropped." in page.text
    assert "Only a mail that could not be delivered" in again.text


def test_only_administrators_decide_and_customers_see_nothing(
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    message = kill(put(session, cast.mei, now))
    session.flush()
    paths = ["/work/mail", f"/work/mail/{message.public_id}"]

    agent = browse.sign_in(cast.tom).get(paths[1])
    assert not [form for form in agent.all("form") if form["action"].endswith(("/retry", "/drop"))]
    assert [client.post(f"{paths[1]}/{deed}").status_code for deed in ("retry", "drop")] == [403, 403]
    browse.sign_in(cast.wang_fang)
    assert [client.get(path).status_code for path in paths] == [403, 403]
    browse.sign_out()
    assert [client.get(path).status_code for path in paths] == [302, 302]


def test_an_unknown_mail_is_no_page(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.root).get("/work/mail/nonsense", status=404)
    browse.post("/work/mail/nonsense/retry", status=404)


def test_the_pages_say_while_the_mail_server_cannot_be_used_and_fall_silent_when_it_can(
    app: Flask, browse: Browse, session: Session, cast: Cast
) -> None:
    message = put(session, cast.mei, utc_now())
    refused = "localhost:25: [Errno 111] Connection refused"

    def unusable(_mail: EmailMessage) -> None:
        raise UnreachableError(refused)

    pump = Pump(app, name="a:1", transport=MemoryTransport(before=unusable))
    pump.turn()
    session.expire_all()
    browse.sign_in(cast.root)
    for path in ("/work/mail", f"/work/mail/{message.public_id}"):
        page = browse.get(path)
        assert "the mail server cannot be used" in page.text
        assert refused in page.text
    assert "the mail server cannot be used" in browse.get("/work/administration").text

    Pump(app, name="a:1", transport=MemoryTransport()).turn()
    session.expire_all()

    assert "cannot be used" not in browse.get("/work/mail").text + browse.get("/work/administration").text
    assert session.get_one(OutboxMessage, message.id).state is OutboxState.SENT
