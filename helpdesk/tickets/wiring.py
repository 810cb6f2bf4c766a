"""How the knowledge base gets to know what tickets show of its gaps."""

from __future__ import annotations

from flask import Flask

from helpdesk.extensions import db
from helpdesk.kb.insight_sources import provide_asked_anyway, provide_deflections, provide_followed
from helpdesk.kb.variables import provide_first_answer_hours
from helpdesk.tickets.models import Priority
from helpdesk.tickets.queries.insights import asked_anyway, deflections, followed
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.targets import EVERY_TOPIC


def _first_answer_hours() -> int:
    return current_targets(db.session).of(EVERY_TOPIC, Priority.NORMAL).first


def init_app(app: Flask) -> None:
    """Offer tickets by topic and by search, and articles that spared one, to the Insights page."""
    del app
    provide_first_answer_hours(_first_answer_hours)
    provide_asked_anyway(asked_anyway)
    provide_deflections(deflections)
    provide_followed(followed)
