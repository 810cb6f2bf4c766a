"""What the worker does for accounts."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.recovery.services import forget_resets
from helpdesk.accounts.sessions.services import forget_ended_sessions
from helpdesk.jobs import Daily, register
from helpdesk.limits import SIGN_IN_ATTEMPT_DAYS


def forget_sign_in_attempts(session: Session, now: datetime) -> None:
    """Delete the tries that no longer count."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=SIGN_IN_ATTEMPT_DAYS)))


register("accounts.forget_ended_sessions", Daily(at=time(3, 40)), forget_ended_sessions)
register("accounts.forget_resets", Daily(at=time(3, 50)), forget_resets)
register("accounts.forget_sign_in_attempts", Daily(at=time(3, 30)), forget_sign_in_attempts)
