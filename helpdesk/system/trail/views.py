"""The pages of the trail."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.billing.views.downloads import safe_cell
from helpdesk.extensions import db
from helpdesk.notifications.views.outbox import before_key
from helpdesk.permissions import Permission
from helpdesk.system.trail import labels
from helpdesk.system.trail.filters import Wanted, wanted
from helpdesk.system.trail.objects import names_of
from helpdesk.system.trail.queries import Seen, trail_page, whole_trail
from helpdesk.system.trail.reading import Told, told
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires
from helpdesk.web.locale import current_zone_name

bp = Blueprint("trail", __name__, url_prefix="/work/administration/trail")
_MOST: Final = 100_000
"""Rows of one file."""


@bp.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """List entries, newest first: one statement for them, one for the names on them."""
    asked = wanted(request.args)
    page = trail_page(db.session, asked, zone=current_zone_name(), before=before_key())
    said: dict[str, Any] = dict(_said(asked))
    more = url_for(".index", before=page.next_key, **said) if page.next_key else ""
    return render_template(
        "system/trail.html", asked=asked, rows=_told(page.rows), next_url=more, labels=labels, said=said
    )


@bp.get("/trail.csv")
@requires(Permission.ADMINISTER)
@fresh
def download() -> ResponseReturnValue:
    """Send the same as a file."""
    lines = stream_with_context(_lines(wanted(request.args), current_zone_name(), _titles()))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _told(rows: Sequence[Seen]) -> list[Told]:
    names = names_of(db.session, [row.entry for row in rows])
    return [told(row, names) for row in rows]


def _said(asked: Wanted) -> dict[str, str]:
    return {name: value for name, value in asdict(asked).items() if value}


def _titles() -> list[str]:
    return [
        _("When (UTC)"), _("Who"), _("E-mail"), _("Action"), _("What was done"), _("Kind of object"), _("Object"),
        _("Name of the object"), _("Before"), _("After"), _("Network address"), _("Request"),
    ]  # fmt: skip


def _lines(asked: Wanted, zone: str, titles: list[str]) -> Iterator[str]:
    yield "\ufeff" + _line(titles)
    for rows in whole_trail(db.session, asked, zone=zone, most=_MOST):
        yield from (_line(_cells(each)) for each in _told(rows))


def _cells(one: Told) -> list[str]:
    """Keys and numbers for machines, with the words for people beside them."""
    entry = one.row.entry
    when = entry.at.isoformat(timespec="seconds")
    about = [_short(entry.before), _short(entry.after), entry.address or "", entry.request_id or ""]
    person = [one.row.name, one.row.email]
    return [when, *person, entry.action, one.action, entry.object_type, entry.object_id, one.name, *about]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def _short(values: dict[str, Any] | None) -> str:
    """What an entry keeps of before or after, as one line."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str) if values else ""
