"""How the knowledge base gets to know what tickets show of its gaps."""

from __future__ import annotations

from flask import Flask

from helpdesk.kb.insight_sources import provide_asked_anyway, provide_deflections
from helpdesk.tickets.queries.insights import asked_anyway, deflections


def init_app(app: Flask) -> None:
    """Offer tickets by topic, and articles that spared one, to the Insights page."""
    del app
    provide_asked_anyway(asked_anyway)
    provide_deflections(deflections)
