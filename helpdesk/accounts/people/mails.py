"""Who is told when somebody may do something else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import administrators
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role


def tell_role_changed(session: Session, person: User, *, before: Role, by: User, now: datetime) -> None:
    """Tell the person of their new role; of the partner's people every administrator is told too."""
    told = administrators(session) if person.role.is_staff else []
    for recipient in (person, *(each for each in told if each.id != person.id)):
        queue_mail(
            session,
            kind="role_changed" if recipient is person else "staff_role_changed",
            recipient=recipient,
            subject_type="user",
            subject_id=person.id,
            group_key=f"user:{person.id}",
            dedupe_key=f"role_changed:{person.id}:{person.epoch}:{recipient.id}",
            payload={
                "who": person.name,
                "email": person.email,
                "before": before.value,
                "after": person.role.value,
                "by": by.name,
                "at": now.isoformat(),
                "url": "/account" if recipient is person else f"/people/{person.public_id}",
            },
            now=now,
        )
