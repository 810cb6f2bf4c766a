"""Mails of the demonstration's past: each left, and arrived or came back, minutes after it was written."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.extensions import settings
from helpdesk.notifications.mime import Heads, compose, message_id
from helpdesk.notifications.models import DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.notifications.transports import FolderTransport

_TAKES: Final = timedelta(minutes=2)


def mails_arrive(session: Session) -> None:
    """Whatever waits was sent when it was written, and its recipient's mail server took it."""
    for message in _waiting(session):
        rendered = _sent(message)
        message.delivery.state = DeliveryState.ACCEPTED
        _file(message, rendered)
    session.flush()


def mails_come_back(session: Session, person: User) -> None:
    """Whatever waits for `person` came back: the address is dead since then."""
    for message in _waiting(session):
        if message.recipient_id == person.id:
            _file(message, _sent(message))
            message.delivery.state = DeliveryState.BOUNCED
            person.mail_failing_since = person.mail_failing_since or message.delivery.at
    session.flush()


def _waiting(session: Session) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED).order_by(OutboxMessage.id)
    return list(session.scalars(statement.options(joinedload(OutboxMessage.delivery))))


def _sent(message: OutboxMessage) -> Rendered:
    rendered = render(message, address=message.delivery.address)
    message.subject, message.body = rendered.subject, rendered.text
    message.state, message.attempts, message.done_at = OutboxState.SENT, 1, message.created_at + _TAKES
    message.delivery.at = message.done_at
    message.delivery.mail_message_id = message_id(message.delivery.mail_message_id, settings().mail_from)
    return rendered


def _file(message: OutboxMessage, rendered: Rendered) -> None:
    """Show it among the local mails, unless this installation sends by a real mail server."""
    here = settings()
    if here.mail_url:
        return
    heads = Heads(
        sender_name=here.partner_name,
        sender_address=here.mail_from,
        recipient_name=message.recipient_name,
        recipient_address=message.delivery.address,
        message_id=message.delivery.mail_message_id,
        locale=message.locale,
        at=message.created_at,
    )
    FolderTransport(here.var / "mail").send(compose(rendered, heads))
