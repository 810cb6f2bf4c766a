"""The agents' queue: views, filters, rows with their strings finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlencode

from babel import Locale, dates
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.search.jobs import get_index
from helpdesk.tickets import labels
from helpdesk.tickets.forms.desk import SaveViewForm
from helpdesk.tickets.models import Priority, TicketState, Topic
from helpdesk.tickets.queries import QueueFilter, QueueSort, QueueView, Vnet, queue_counts, queue_page
from helpdesk.tickets.queries.around import around_queue
from helpdesk.tickets.queries.duty import away, colleagues
from helpdesk.tickets.queries.finding import asks_words, found_for
from helpdesk.tickets.queries.queue import QueueRow
from helpdesk.tickets.rules.macros import tidy_tag
from helpdesk.tickets.rules.promise import Clock, clock_of
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.tickets.services.bulk import BULK_STATES, SENT_ON
from helpdesk.tickets.views.blueprints import calendar, queue_bp
from helpdesk.tickets.views.desk import address_of
from helpdesk.web.formatting import just_now, minute
from helpdesk.web.guards import requires
from helpdesk.web.locale import LOCALES, page_locale

Kind = TypeVar("Kind", bound=StrEnum)
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, ready to be printed."""

    number: int
    ref: str
    url: str
    subject: str
    customer: str
    topic: str
    priority: str
    priority_value: str
    state: str
    state_tone: str
    clock: str
    clock_tone: str
    due: str
    owner: str
    updated: str
    updated_at: str


@queue_bp.get("/queue")
@requires(Permission.TICKETS_WORK)
def index() -> ResponseReturnValue:
    """Show one view of the queue, filtered."""
    person, now = signed_in_user(), utc_now()
    people = colleagues(db.session, now=now, calendar=calendar())
    chosen = replace(_chosen(request.args), away=away(people))
    around = around_queue(db.session, person, named=chosen.text if asks_words(chosen.text) else "")
    found = found_for(db.session, chosen.text, customers=around.customers, index=get_index(settings()))
    chosen = replace(chosen, found=found)
    page = queue_page(db.session, person, chosen, now=now, after=request.args.get("after"))
    counts = queue_counts(db.session, person, now=now, away=chosen.away)
    address = address_of(request.query_string.decode("utf-8", "replace"))
    following = urlencode({"after": page.next_key}) if page.next_key else ""
    saved = around.views
    own = next((view for view in saved if view.query == address and view.owner_id == person.id), None)
    return render_template(
        "queue/index.html",
        rows=_rows(page.rows, now=now),
        more=f"{url_for('.index')}?{address}&{following}" if following else "",
        chosen=chosen,
        address=address,
        title=next((view.name for view in saved if view.query == address), "") or labels.VIEWS[chosen.view],
        views=[(view, label, counts.get(view)) for view, label in labels.VIEWS.items()],
        saved=saved,
        proofs=around.proofs,
        own=own,
        save_form=SaveViewForm(
            formdata=None, query=address, **({"name": own.name, "shared": own.shared} if own else {})
        ),
        people=[each for each in people if each.may_work],
        duty=next((each for each in people if each.id == person.id), None),
        macros=around.macros,
        tags=around.tags,
        bulk_states=BULK_STATES,
        ticked={int(text) for text in request.args.getlist("t") if text.isascii() and text.isdigit()},
        again={name: request.args.get(f"set_{name}", "") for name in SENT_ON},
        labels=labels,
    )


def _chosen(args: Mapping[str, str]) -> QueueFilter:
    """Read the filter bar; what is not on offer is not a filter."""
    view = _one_of(QueueView, args.get("view")) or QueueView.MINE
    by_default = QueueSort.UPDATED if view is QueueView.ALL else QueueSort.CLOCK
    return QueueFilter(
        view=view,
        state=_one_of(TicketState, args.get("state")),
        topic=_one_of(Topic, args.get("topic")),
        priority=_one_of(Priority, args.get("priority")),
        owner=args.get("owner", "")[:20],
        customer=args.get("customer", "")[:16],
        tag=tidy_tag(args.get("tag", "")),
        locale=args.get("locale", "") if args.get("locale") in LOCALES else "",
        vnet=_one_of(Vnet, args.get("vnet")),
        disputed=_whole(args.get("disputed"), 9),
        days=_whole(args.get("days"), 4),
        text=tidy_line(args.get("q", ""))[:100],
        sort=_one_of(QueueSort, args.get("sort")) or by_default,
    )


def _whole(text: str | None, digits: int) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def _one_of(kind: type[Kind], text: str | None) -> Kind | None:
    return kind(text) if text in set(kind) else None


def _rows(found: Sequence[QueueRow], *, now: datetime) -> list[Row]:
    """Finish the strings once a request, not once a row, wherever they repeat."""
    base = url_for(".show", number=0).removesuffix("0")
    locale = page_locale()
    topics = {value: str(label) for value, label in labels.TOPICS.items()}
    priorities = {value: str(label) for value, label in labels.PRIORITIES.items()}
    states = {value: str(label) for value, label in labels.STATES.items()}
    return [
        _row(row, clock_of(row.state, row.due_at, now=now), now, locale, base, topics, priorities, states)
        for row in found
    ]


def _row(  # noqa: PLR0917 - the tables are made once for all rows
    row: QueueRow,
    clock: Clock,
    now: datetime,
    locale: Locale,
    base: str,
    topics: Mapping[Topic, str],
    priorities: Mapping[Priority, str],
    states: Mapping[TicketState, str],
) -> Row:
    return Row(
        number=row.number,
        ref=f"T-{row.number}",
        url=f"{base}{row.number}",
        subject=row.subject,
        customer=row.customer,
        topic=topics[row.topic],
        priority=priorities[row.priority],
        priority_value=row.priority.value,
        state=states[row.state],
        state_tone=labels.STATE_TONES[row.state],
        clock=clock_text(clock, now=now, locale=locale),
        clock_tone=labels.CLOCK_TONES[clock.word],
        due=minute(clock.due_at) if clock.due_at else "",
        owner=row.owner or "",
        updated=_since(row.updated_at, now=now, locale=locale),
        updated_at=row.updated_at.isoformat(timespec="seconds"),
    )


def clock_text(clock: Clock, *, now: datetime, locale: Locale | None = None) -> str:
    """A clock in the reader's words."""
    span = _span(abs(clock.due_at - now), locale or page_locale()) if clock.due_at else ""
    return labels.clock_words(clock.word, span)


def span_text(span: timedelta) -> str:
    """Working time in hours and minutes."""
    minutes = round(span.total_seconds() / _MINUTE)
    return str(_("%(hours)d h %(minutes)d min", hours=minutes // 60, minutes=minutes % 60))


def _since(moment: datetime, *, now: datetime, locale: Locale) -> str:
    """How long ago something changed; hosts whose clocks differ a little must not tell of the future."""
    minutes = round((moment - now).total_seconds() / _MINUTE)
    return _span_words(minutes, locale, True) if minutes < 0 else just_now()


def _span(span: timedelta, locale: Locale) -> str:
    """A span to the minute; what is shorter counts as one."""
    return _span_words(max(1, round(span.total_seconds() / _MINUTE)), locale, False)


@lru_cache(maxsize=4096)
def _span_words(minutes: int, locale: Locale, direction: bool) -> str:  # noqa: FBT001 - a cache key
    span = timedelta(minutes=minutes)
    return str(dates.format_timedelta(span, granularity="minute", add_direction=direction, locale=locale))
