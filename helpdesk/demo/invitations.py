"""Who was invited: a colleague who has not come in yet, and an accountant from outside who has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.invitations.services import invite
from helpdesk.accounts.models import User
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.private_links import token_in
from helpdesk.permissions import Role
from helpdesk.tickets.models import Ticket, Topic
from helpdesk.tickets.services import come_in, invite_guest, reply_as_guest
from helpdesk.workcalendar.services import partner_calendar


def load_invitations(session: Session, people: Mapping[str, User], *, secret: str, now: datetime) -> None:
    """A billing contact asked a colleague yesterday; the link in the mail works. Another asked her accountant."""
    by = people["wang.fang@lanting.example"]
    invite(
        session,
        email="zhao.lei@lanting.example",
        role=Role.CUSTOMER_MEMBER,
        customer=by.customer,
        locale="zh-Hans",
        by=by,
        secret=secret,
        now=now - timedelta(days=1),
    )
    _ask_accountant(session, people["zhou.min@mingde.example"], secret=secret, now=now - timedelta(hours=20))


def _ask_accountant(session: Session, by: User, *, secret: str, now: datetime) -> None:
    """Somebody of an accounting firm sees this one ticket and writes on it; a second one has not come yet."""
    statement = select(Ticket).where(Ticket.requester_id == by.id, Ticket.topic == Topic.REFUND)
    ticket = session.scalars(statement.order_by(Ticket.number.desc()).limit(1)).one()
    guest = invite_guest(
        session, ticket, email="he.jing@hengxin-cpa.example", locale="zh-Hans", by=by, secret=secret, now=now
    )
    mail = select(OutboxMessage).where(OutboxMessage.kind == "guest_invited").order_by(OutboxMessage.id.desc())
    token = token_in(session.scalars(mail.limit(1)).one().payload, secret=secret)
    come_in(session, token=token, name="何静（恒信会计师事务所）", now=now + timedelta(hours=1))
    reply_as_guest(
        session,
        guest,
        body="您好，我是明德的代理会计。如果退款以负数发票开具，请注明原发票号码，我们好在本月入账。谢谢。",
        now=now + timedelta(hours=2),
        calendar=partner_calendar("Asia/Shanghai"),
    )
    invite_guest(session, ticket, email="fang.rui@hengxin-cpa.example", locale="zh-Hans", by=by, secret=secret, now=now)
