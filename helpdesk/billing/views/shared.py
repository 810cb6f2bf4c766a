"""What the billing pages share: the blueprint, and the room in which a page is shown."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, render_template

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing import labels
from helpdesk.billing.explanation import plain
from helpdesk.clock import utc_now
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today

bp: Final = Blueprint("billing", __name__)

__all__ = ["bp", "page", "today", "utc_now"]


def page(template: str, **values: object) -> str:
    """Render a billing page: in the portal for customers, in the workspace for the partner's people."""
    person = signed_in_user()
    layout = "layouts/workspace.html" if person.role.is_staff else "layouts/portal.html"
    can_ask = person.may(Permission.TICKETS_OPEN)
    values |= {"layout": layout, "labels": labels, "can_ask": can_ask, "today": _today(), "plain": plain}
    return render_template(template, **values)


def _today() -> date:
    return today()
