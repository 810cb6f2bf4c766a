"""The quality report: how well we escalate, and whose time it takes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk.clock import utc_now
from helpdesk.escalations import labels
from helpdesk.escalations.models import Outcome
from helpdesk.escalations.quality import Tally, median_hours, months_until, tally, trend
from helpdesk.escalations.queries.quality import past_cases, time_split_by_month
from helpdesk.escalations.time_split import Party
from helpdesk.escalations.views.shared import bp
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.tickets.labels import TOPICS
from helpdesk.web.guards import requires
from helpdesk.workcalendar.services import vnet_calendar

MONTHS: Final = 6
"""How far back the report looks."""


@bp.get("/escalations/quality")
@requires(Permission.ESCALATIONS_WORK)
def quality() -> ResponseReturnValue:
    """Show escalations by reason, outcome, agent and topic, with what came back as inappropriate."""
    now, zone = utc_now(), ZoneInfo(settings().partner_time_zone)
    months = months_until(now.astimezone(zone).date(), MONTHS)
    starts = [datetime.combine(month, time(), zone) for month in months]
    cases = past_cases(db.session, since=starts[0])
    total = Tally()
    for past in cases:
        total.add(past)
    return render_template(
        "escalations/quality.html",
        total=total,
        median=median_hours(cases, vnet_calendar()),
        groups={
            "reason": [(labels.REASON_NAMES[kind], each) for kind, each in tally(cases, lambda p: p.reason).items()],
            "topic": [(TOPICS[kind], each) for kind, each in tally(cases, lambda p: p.topic).items()],
            "agent": list(tally(cases, lambda p: p.agent).items()),
        },
        outcomes=[(labels.OUTCOME_NAMES[kind], total.outcomes[kind]) for kind in Outcome],
        trend=trend(cases, months, zone),
        splits=[
            (month, _shares(each))
            for month, each in zip(months, time_split_by_month(db.session, starts, now=now), strict=True)
        ],
        labels=labels,
    )


def _shares(spans: dict[Party, timedelta]) -> list[tuple[Party, float, float]]:
    """Give each party's days, and its share of the whole in percent."""
    whole = sum(spans.values(), timedelta()) or timedelta(1)
    return [(party, span / timedelta(days=1), 100 * (span / whole)) for party, span in spans.items()]
