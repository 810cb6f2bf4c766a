"""The delivery ledger of a notice: who has it, by which channel, since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.collections.models import NoticeView, SuspensionNotice
from helpdesk.notifications.models import Delivery, DeliveryState


class Channel(StrEnum):
    """By which way something reached a contact."""

    MAIL = "mail"
    PORTAL = "portal"


class PortalState(StrEnum):
    """What happened in the portal."""

    UNSEEN = "unseen"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One contact, one channel."""

    name: str
    address: str
    channel: Channel
    state: DeliveryState | PortalState
    at: datetime | None


def ledger_of(session: Session, notice: SuspensionNotice, deliveries: Iterable[Delivery]) -> list[LedgerRow]:
    """Every mail about a notice, and what each contact did in the portal; two statements."""
    mails = [
        LedgerRow(each.message.recipient_name, each.address, Channel.MAIL, each.state, each.at) for each in deliveries
    ]
    statement = select(NoticeView).where(NoticeView.notice_id == notice.id).options(joinedload(NoticeView.user))
    seen = {view.user_id: view for view in session.scalars(statement)}
    people = {person.id: person for person in billing_contacts_of(session, notice.customer_id)}
    people |= {view.user_id: view.user for view in seen.values()}
    portal = []
    for number, person in people.items():
        view = seen.get(number)
        state, at = (PortalState.SEEN, view.at) if view else (PortalState.UNSEEN, None)
        if notice.acknowledged_by_id == number:
            state, at = PortalState.ACKNOWLEDGED, notice.acknowledged_at
        portal.append(LedgerRow(person.name, person.email, Channel.PORTAL, state, at))
    return [*mails, *portal]
