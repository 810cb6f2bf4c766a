"""Where the pages hang, and what they share."""

from __future__ import annotations

from flask import Blueprint

from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.extensions import settings

bp = Blueprint("second_factor", __name__)


def seal() -> Seal:
    """The installation's seal."""
    return Seal(settings().secrets())


def is_required(person: User) -> bool:
    """Whether this person may not do without a second step."""
    return person.role.is_staff and settings().staff_needs_second_factor
