"""Somebody who was invited and has not come in yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.accounts.invitations.services import invite
from helpdesk.accounts.models import User
from helpdesk.permissions import Role


def load_invitations(session: Session, people: Mapping[str, User], *, secret: str, now: datetime) -> None:
    """A billing contact asked a colleague yesterday; the link in the mail works."""
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
