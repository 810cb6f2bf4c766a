"""What the collections pages share: the blueprint, and the room in which a page is shown."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.accounts.models import User
from helpdesk.collections import labels
from helpdesk.collections.rules.clauses import anchor_of
from helpdesk.limits import DATA_RETENTION_DAYS
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today

bp: Final = Blueprint("collections", __name__)


def page(template: str, **values: object) -> str:
    """Render a page: in the workspace for the partner's people, else in the portal."""
    person = signed_in_user_or_none()
    is_staff = person is not None and person.role.is_staff
    return render_template(
        template,
        layout="layouts/workspace.html" if is_staff else "layouts/portal.html",
        labels=labels,
        is_staff=is_staff,
        can_ask=person is not None and person.may(Permission.TICKETS_OPEN),
        shows_money=person is not None and shows_money(person),
        clause_anchor=anchor_of,
        retention_days=DATA_RETENTION_DAYS,
        today=today(),
        **values,
    )


def shows_money(person: User) -> bool:
    """Whether amounts and invoices are for this person."""
    return person.may(Permission.INVOICES_SEE) or person.may(Permission.CUSTOMERS_SEE)
