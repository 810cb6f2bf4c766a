"""What every use case writes beside its own change: the step and the audit entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.escalations.models import Escalation, EscalationState, EscalationStep
from helpdesk.escalations.rules import check_step


def begin(session: Session, escalation: Escalation, *, by: User, now: datetime) -> None:
    """Note the state a new case begins in."""
    session.add(EscalationStep(escalation=escalation, state=escalation.state, at=now, actor=by))
    note_deed(session, escalation, "opened", by=by, now=now, after={"state": escalation.state.value})


def move(
    session: Session,
    escalation: Escalation,
    to: EscalationState,
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    **after: Any,  # noqa: ANN401 - plain JSON values
) -> None:
    """Bring the case to another state, with step and audit entry. Raises `StepNotPossible`."""
    before = escalation.state
    check_step(before, to)
    escalation.state = to
    session.add(EscalationStep(escalation=escalation, state=to, at=now, actor=by, note=note))
    note_deed(
        session,
        escalation,
        to.value,
        by=by,
        now=now,
        before={"state": before.value},
        after={"state": to.value, **after},
    )


def note_deed(
    session: Session,
    escalation: Escalation,
    deed: str,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add the deed to the audit trail as `escalation.<deed>`."""
    record(
        session,
        f"escalation.{deed}",
        object_type="escalation",
        object_id=escalation.public_id,
        actor_id=by.id if by else None,
        now=now,
        before=before,
        after=after,
    )
