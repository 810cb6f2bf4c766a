"""Filling in forms, and looking at what came of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.tickets.models import Ticket
from tests.browse import Page

CANARY = "KANARIENVOGEL-7f3a"


def form_of(page: Page, **values: Any) -> dict[str, Any]:
    """The hidden fields of the page's forms, with what a person fills in."""
    hidden = {field["name"]: field.get("value", "") for field in page.all("input", type="hidden") if field.get("name")}
    return hidden | values


def tickets(session: Session) -> list[Ticket]:
    return list(session.scalars(sa.select(Ticket).order_by(Ticket.number)))
