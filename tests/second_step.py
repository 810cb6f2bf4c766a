"""An authenticator app for tests."""

from __future__ import annotations

from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.second_factor.services import begin_set_up, finish_set_up, pending_secret
from helpdesk.clock import utc_now

KEY = "a secret for tests that is long enough to pass"


def shown_by_app(secret: str, at: datetime | None = None) -> str:
    """The six digits that the app shows."""
    return pyotp.TOTP(secret).at(at or utc_now())


def give_second_factor(session: Session, person: User, *, now: datetime) -> tuple[str, list[str]]:
    """Set an app up for `person`; its secret and the recovery codes."""
    seal = Seal([KEY])
    begin_set_up(session, person, seal=seal)
    secret = pending_secret(session, person, seal=seal)
    assert secret is not None
    codes = finish_set_up(session, person, code=shown_by_app(secret, now), seal=seal, address="127.0.0.1", now=now)
    return secret, codes
