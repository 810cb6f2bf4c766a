"""A link that opens an account stands in the mail alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.accounts.addressee import Addressee
from helpdesk.extensions import db
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.notifications.private_links import DOTS, new_seed, private_link, token_of
from helpdesk.notifications.services import queue_mail
from helpdesk.notifications.transports import MemoryTransport
from helpdesk.notifications.views.outbox import as_read
from tests.cast import Cast
from tests.mailed import SECRET_KEY

pytestmark = pytest.mark.usefixtures("in_app")


def put(session: Session, seed: str, now: datetime) -> OutboxMessage:
    """Queue a mail with a private link to somebody who has no account."""
    message = queue_mail(
        session,
        kind="password_reset",
        recipient=Addressee(None, "new@lanting.example", "New", "ja", "Asia/Tokyo"),
        subject_type="user",
        subject_id=1,
        group_key="reset:1",
        dedupe_key="reset:1",
        payload={**private_link("/reset/", seed), "at": now.isoformat(), "until": now.isoformat()},
        now=now,
    )
    session.flush()
    return message


def test_tokens_have_256_bits_and_need_both_seed_and_secret() -> None:
    seed = new_seed()

    token = token_of(seed, secret=SECRET_KEY)

    assert len(token) == 43
    assert token != token_of(seed, secret="another secret, also long enough")  # noqa: S106 - not a secret
    assert token != token_of(new_seed(), secret=SECRET_KEY)


def test_the_mail_holds_the_link_and_neither_the_outbox_page_nor_the_database_does(
    session: Session, cast: Cast, now: datetime
) -> None:
    seed = new_seed()
    token = token_of(seed, secret=SECRET_KEY)
    message = put(session, seed, now)
    transport = MemoryTransport()
    before = as_read(message).text

    assert deliver_due(db.sessionmaker, transport, now=now) == 1
    session.refresh(message)

    sent = transport.sent[0]
    body = sent.get_body(("plain",))
    rich = sent.get_body(("html",))
    assert body is not None
    assert rich is not None
    assert f"/reset/{token}" in body.get_content()
    assert f"/reset/{token}" in rich.get_content()
    assert message.state is OutboxState.SENT
    for shown in (before, message.body, as_read(message).text, message.subject, str(message.payload)):
        assert token not in shown
    assert f"/reset/{DOTS}" in message.body
    assert f"/reset/{DOTS}" in before
