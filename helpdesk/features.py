"""The pages of all slices, and what higher slices offer to lower ones."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

from helpdesk.accounts import access  # noqa: F401 - tells Flask-Login how to load a person

_WIRING = [
    "helpdesk.accounts.wiring",
    "helpdesk.workcalendar.wiring",
    "helpdesk.files.wiring",
    "helpdesk.notifications.wiring",
    "helpdesk.tickets.wiring",
    "helpdesk.collections.wiring",
    "helpdesk.escalations.wiring",
]
_VIEWS = [
    "helpdesk.web.health",
    "helpdesk.web.language",
    "helpdesk.accounts.views",
    "helpdesk.accounts.people.views",
    "helpdesk.accounts.invitations.views",
    "helpdesk.accounts.recovery.views",
    "helpdesk.accounts.addresses.views",
    "helpdesk.accounts.sessions.views",
    "helpdesk.accounts.second_factor.views",
    "helpdesk.accounts.oidc.views",
    "helpdesk.notifications.views",
    "helpdesk.intake.views",
    "helpdesk.kb.views",
    "helpdesk.billing.views",
    "helpdesk.collections.views",
    "helpdesk.tickets.views",
    "helpdesk.escalations.views",
    "helpdesk.system.views",
    "helpdesk.system.trail.views",
    "helpdesk.privacy.views",
    "helpdesk.home",
]


def blueprints() -> list[Blueprint]:
    """Every blueprint; a slice's `views` module (or package) offers one `bp` or several `blueprints`."""
    found: list[Blueprint] = []
    for name in _VIEWS:
        module = importlib.import_module(name)
        found += getattr(module, "blueprints", None) or [module.bp]
    return found


def wire(app: Flask) -> None:
    """Let the higher slices offer what lower ones show: policy figures, the urgent banner, 21Vianet's state."""
    for name in _WIRING:
        importlib.import_module(name).init_app(app)
