"""Counting tries to prove who one is, in the database, before they are looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts import rules
from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.queries import (
    account_failures,
    failures_everywhere,
    is_at_home,
    latest_network_failures,
    network_failures,
)


def counted_attempt(session: Session, key: str, *, address: str | None, now: datetime) -> SignInAttempt:
    """Count a try for the account of `key` as failed before it is looked at. Raises `SignInDelayed` if it is too soon.

    The caller sets `succeeded` where it was right, and commits either way.
    """
    network = rules.network_of(address)
    one_at_a_time(session, key)
    rules.check_throttle(account_failures(session, key, now=now), rules.ACCOUNT, now=now)
    rules.check_burst(latest_network_failures(session, network, now=now), now=now)
    rules.check_throttle(network_failures(session, network, now=now), rules.NETWORK, now=now)
    if not is_at_home(session, key, network):
        rules.check_throttle(failures_everywhere(session, now=now), rules.EVERYWHERE, now=now)
    attempt = SignInAttempt(account_key=key, network=network, at=now)
    session.add(attempt)
    session.flush()
    return attempt


def one_at_a_time(session: Session, key: str) -> None:
    """Make tries for one account wait for each other, so that many at once are counted too; SQLite does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
