"""The report of loops closed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from typing import Final

from babel import dates, numbers
from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.labels.loops import ENDINGS
from helpdesk.tickets.models import Topic
from helpdesk.tickets.queries.loops import loops_since
from helpdesk.tickets.rules.loops import Tally, by_month_and_topic, months_up_to, together
from helpdesk.tickets.views.blueprints import calendar, desk_bp
from helpdesk.web.guards import requires
from helpdesk.web.locale import page_locale

_MONTHS: Final = 6
_MARK: Final = "\ufeff"
"""Tells spreadsheet programs that the text is UTF-8."""

Counted = dict[tuple[date, Topic], Tally]


@desk_bp.get("/loops")
@requires(Permission.DESK_MANAGE)
def loops() -> ResponseReturnValue:
    """Show how many resolutions ended with a customer who knows and agrees."""
    months, counted = _counted()
    return render_template(
        "desk/loops.html",
        total=together(counted.values()),
        months=[
            (_month(each), together(tally for (month, _topic), tally in counted.items() if month == each))
            for each in months
        ],
        topics=[
            (
                label,
                together(tally for (_month_of, topic), tally in counted.items() if topic is each),
                [counted.get((month, each), Tally()) for month in months],
            )
            for each, label in TOPICS.items()
        ],
        endings=ENDINGS,
        percent=percent,
    )


@desk_bp.get("/loops.csv")
@requires(Permission.DESK_MANAGE)
def loops_csv() -> ResponseReturnValue:
    """The same as a table: one row a month and topic."""
    _months, counted = _counted()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    labels = [str(label) for label in ENDINGS.values()]
    writer.writerow([_("Month"), _("Topic"), _("Resolved"), *labels, _("Loops closed")])
    for (month, topic), tally in sorted(counted.items()):
        endings = [tally.endings[ending] for ending in ENDINGS]
        share = "" if tally.share is None else f"{tally.share:.3f}"
        writer.writerow([month.strftime("%Y-%m"), str(TOPICS[topic]), tally.resolved, *endings, share])
    response = Response(_MARK + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="loops-closed.csv"'
    return response


def _counted() -> tuple[list[date], Counted]:
    zone = calendar().zone
    months = months_up_to(utc_now().astimezone(zone).date(), _MONTHS)
    since = datetime.combine(months[0], time(), zone)
    return months, by_month_and_topic(loops_since(db.session, since), zone=zone)


def _month(month: date) -> str:
    return str(dates.format_skeleton("yMMM", datetime.combine(month, time()), locale=page_locale()))


def percent(share: float | None) -> str:
    """A share in the reader's habit."""
    return "–" if share is None else str(numbers.format_percent(share, locale=page_locale()))
