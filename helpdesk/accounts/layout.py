"""The frame around the pages that everybody has."""

from __future__ import annotations

from helpdesk.accounts.models import User


def layout_of(person: User) -> str:
    """The workspace for the partner's people, the portal for customers."""
    return "layouts/workspace.html" if person.role.is_staff else "layouts/portal.html"
