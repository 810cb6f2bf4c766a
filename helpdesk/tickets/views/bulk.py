"""Many tickets at once: choose, see exactly what will change, do it, read what could not be done."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import agents
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.models import Macro, Priority, Ticket, TicketState
from helpdesk.tickets.queries.desk import macro_of
from helpdesk.tickets.queries.visible import tickets_by_number
from helpdesk.tickets.rules.macros import tags_in
from helpdesk.tickets.services.bulk import BULK_STATES, SENT_ON, BulkChange, BulkResult, NoSuchTicket, change_many
from helpdesk.tickets.views.blueprints import calendar, queue_bp
from helpdesk.tickets.views.desk import address_of
from helpdesk.tickets.views.macros import macro_text
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires

_MOST = 100


@queue_bp.post("/queue/bulk")
@requires(Permission.TICKETS_WORK)
def bulk() -> ResponseReturnValue:
    """Rehearse a change of many tickets, or do it."""
    numbers = _numbers()
    try:
        change = _change()
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
        return redirect(_queue(ticked=numbers))
    if not numbers or change.is_empty:
        flash(_("Choose tickets, and what shall change."), "warning")
        return redirect(_queue(ticked=numbers))
    does_it = "do_it" in request.form
    results = _results(numbers, change, rehearse=not does_it)
    if does_it:
        db.session.commit()
    return _page(results, does_it=does_it)


def _queue(*, ticked: Sequence[int] = ()) -> str:
    """The view that the change began in, with what was ticked and typed where nothing came of it."""
    again = [("t", str(number)) for number in ticked]
    again += [(f"set_{name}", request.form[name]) for name in SENT_ON if ticked and request.form.get(name)]
    said = "&".join(part for part in (address_of(request.form.get("from", "")), urlencode(again)) if part)
    return f"{url_for('.index')}?{said}" if said else url_for(".index")


def _numbers() -> list[int]:
    sent = dict.fromkeys(request.form.getlist("t"))
    return [int(text) for text in sent if text.isascii() and text.isdigit() and len(text) <= 9][:_MOST]  # noqa: PLR2004


def _change() -> BulkChange:
    people = {person.public_id: person for person in agents(db.session)}
    owner, state, priority = (request.form.get(name, "") for name in ("owner", "state", "priority"))
    macro = macro_of(db.session, request.form.get("macro", ""))
    tags = tags_in(request.form.get("add_tags", ""))
    if macro and macro.tag and macro.tag not in tags:
        tags.append(macro.tag)
    return BulkChange(
        set_owner=owner == "nobody" or owner in people,
        owner=people.get(owner),
        state=TicketState(state) if state in BULK_STATES else None,
        priority=Priority(priority) if priority in set(Priority) else None,
        add_tags=tuple(tags),
        remove_tags=tuple(tags_in(request.form.get("remove_tags", ""))),
        words=_words_of(macro) if macro else None,
    )


def _words_of(macro: Macro):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a function of a ticket
    def words(ticket: Ticket) -> str:
        return macro_text(macro, ticket)

    return words


def _results(numbers: list[int], change: BulkChange, *, rehearse: bool) -> list[BulkResult]:
    person = signed_in_user()
    visible = tickets_by_number(db.session, person, numbers, lock=True)
    tickets = [visible[number] for number in numbers if number in visible]
    results = change_many(db.session, tickets, change, by=person, now=utc_now(), calendar=calendar(), rehearse=rehearse)
    unknown = [BulkResult(number, refusal=NoSuchTicket()) for number in numbers if number not in visible]
    return [*results, *unknown]


def _page(results: list[BulkResult], *, does_it: bool) -> ResponseReturnValue:
    good = [result for result in results if result.refusal is None]
    refused = [(result, sentence_of(result.refusal)) for result in results if result.refusal is not None]
    count = len(good)
    if does_it:
        title = ngettext("%(num)d ticket was changed", "%(num)d tickets were changed", count)
    else:
        title = ngettext("%(num)d ticket will change", "%(num)d tickets will change", count)
    return render_template(
        "queue/bulk.html",
        title=title,
        good=[(result, [_said(change) for change in result.changes]) for result in good],
        refused=refused,
        does_it=does_it,
        again={name: request.form.get(name, "") for name in (*SENT_ON, "from")},
        queue_url=_queue(),
        cancel_url=_queue(ticked=_numbers()),
    )


def _said(change: tuple[str, str, str]) -> tuple[str, str, str]:
    """A change in words: property, before, after."""
    name, before, after = change
    values = {"state": labels.STATES, "priority": labels.PRIORITIES}.get(name)
    words = {"owner": _("Owner"), "state": _("State"), "priority": _("Priority"), "tags": _("Tags")}
    shown = [str(values[value]) if values else value or _("none") for value in (before, after)]  # type: ignore[index]
    return words[name], shown[0], shown[1]
