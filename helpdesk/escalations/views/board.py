"""The board of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.escalations import labels
from helpdesk.escalations.models import Escalation, EscalationState
from helpdesk.escalations.queries.board import board, lately_ended
from helpdesk.escalations.queries.due import watched_credits
from helpdesk.escalations.views.shared import address_of, bp
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.formatting import ago, money
from helpdesk.web.guards import requires


@dataclass(frozen=True, slots=True)
class Card:
    """A case on the board: finished strings, so that the page only writes them down."""

    url: str
    ref: str
    customer: str
    subject: str
    amount: str
    owner: str
    age: str
    due: str
    is_overdue: bool


@bp.get("/escalations")
@requires(Permission.ESCALATIONS_WORK)
def index() -> ResponseReturnValue:
    """Show open cases by state, what is overdue first."""
    reader, now = signed_in_user(), utc_now()
    mine = request.args.get("owner") == "me"
    columns = board(db.session, reader, now=now, owner=reader if mine else None)
    cards = [(column.state, [card_of(case, now) for case in column.cases]) for column in columns]
    return render_template(
        "escalations/board.html",
        columns=cards,
        credits=watched_credits(db.session),
        ended=lately_ended(db.session, reader),
        overdue=sum(card.is_overdue for _state, each in cards for card in each),
        count=sum(len(each) for _state, each in cards),
        mine=mine,
        labels=labels,
        here_all=url_for(".index"),
        here_mine=url_for(".index", owner="me"),
        address_of=address_of,
    )


def card_of(case: Escalation, now: datetime) -> Card:
    """Write a case's card in the reader's language."""
    return Card(
        url=address_of(case),
        ref=case.ticket.ref,
        customer=case.ticket.customer.name,
        subject=case.ticket.subject,
        amount=money(case.amount) if case.amount else "",
        owner=case.owner.name,
        age=age_words(case.created_at, now),
        due=due_words(case, now),
        is_overdue=case.is_overdue(now),
    )


def age_words(since: datetime, now: datetime) -> str:
    """Say for how many whole days a case has been open."""
    days = (now - since).days
    return str(ngettext("open for %(num)d day", "open for %(num)d days", days) if days else _("opened today"))


def due_words(case: Escalation, now: datetime) -> str:
    """Say in words when the next step is due, or was."""
    if case.due_at is None:
        return ""
    span = ago(case.due_at)
    ours = case.state is EscalationState.INFORMATION_REQUESTED
    if case.is_overdue(now):
        late = _("Our information was due %(span)s", span=span) if ours else _("Check was due %(span)s", span=span)
        return str(late)
    return str(_("Our information is due %(span)s", span=span) if ours else _("Next check %(span)s", span=span))
