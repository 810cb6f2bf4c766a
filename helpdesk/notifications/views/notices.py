"""A person's own notifications: what there was, how they want to hear of it, and stopping a kind of mail."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.clock import utc_now
from helpdesk.extensions import csrf, db
from helpdesk.notifications import labels
from helpdesk.notifications.models import OutboxMessage, Way
from helpdesk.notifications.queries import notifications_page, unread_count, ways_of
from helpdesk.notifications.services import choose_way, mark_read
from helpdesk.notifications.table import AUDIENCES, TABLE, Audience, Notice, notice_of
from helpdesk.notifications.unsubscribing import read_token
from helpdesk.notifications.views.outbox import as_read, before_key
from helpdesk.permissions import Permission, Role, may
from helpdesk.web.guards import Actor, current_actor, found, public, requires

bp = Blueprint("notifications", __name__)


def _actor() -> Actor:
    return found(current_actor())


@bp.get("/notifications")
@requires(Permission.ACCOUNT_OWN)
def index() -> ResponseReturnValue:
    """List what the reader was told, newest first."""
    actor = _actor()
    page = notifications_page(db.session, actor.id, before=before_key())
    rows = [(message, as_read(message).subject or labels.UNREADABLE, _link(message, actor)) for message in page.rows]
    next_url = url_for(".index", before=page.next_key) if page.next_key else ""
    unread = unread_count(db.session, actor.id)
    return render_template("notifications/index.html", rows=rows, next_url=next_url, unread=unread, layout=_layout())


def _layout() -> str:
    staff = Role(_actor().role).is_staff
    return "layouts/workspace.html" if staff else "layouts/portal.html"


def _link(message: OutboxMessage, actor: Actor) -> str:
    """Where it leads within this site, or nothing."""
    payload = message.payload
    staff = Role(actor.role).is_staff
    path = str((payload.get("work_path") if staff else None) or payload.get("path") or payload.get("url") or "")
    return path if path.startswith("/") and not path.startswith("//") else ""


@bp.post("/notifications/read")
@requires(Permission.ACCOUNT_OWN)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    mark_read(db.session, user_id=_actor().id, now=utc_now())
    db.session.commit()
    return redirect(url_for(".index"))


@bp.route("/notifications/choices", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def choices() -> ResponseReturnValue:
    """Choose how to hear of what; the essential always comes by mail."""
    actor = _actor()
    notices = [notice for notice in TABLE if _concerns(notice, Role(actor.role))]
    if request.method == "GET":
        ways = ways_of(db.session, actor.id)
        return render_template(
            "notifications/choices.html", notices=notices, ways=ways, layout=_layout(), labels=labels, Way=Way
        )
    for notice in notices:
        wish = request.form.get(notice.kind, "")
        if wish in set(labels.ways_for(notice)):
            choose_way(db.session, user_id=actor.id, kind=notice.kind, way=Way(wish), now=utc_now())
    db.session.commit()
    flash(_("Your choice is kept."), "success")
    return redirect(url_for(".choices"))


_NEEDED: Final[dict[Audience, Permission]] = {
    Audience.REQUESTER: Permission.TICKETS_OPEN,
    Audience.TICKET_PEOPLE: Permission.TICKETS_OPEN,
    Audience.CONTACTS: Permission.INVOICES_SEE,
    Audience.OWNER: Permission.TICKETS_WORK,
    Audience.MENTIONED: Permission.TICKETS_WORK,
    Audience.LEADS: Permission.ESCALATIONS_APPROVE,
    Audience.EDITORS: Permission.KB_EDIT,
    Audience.ADMINISTRATORS: Permission.ADMINISTER,
    Audience.PERSON: Permission.ACCOUNT_OWN,
}
"""Who may ever be of an audience."""


def _concerns(notice: Notice, role: Role) -> bool:
    return may(role, _NEEDED[notice.audience])


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask before a kind of mail is stopped: mail scanners open links."""
    _user_id, kind = found(read_token(token))
    return render_template("notifications/unsubscribe.html", notice=found(notice_of(kind)), token=token, done=False)


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator] # the signed token is the proof; mail programs post it by themselves
@public
def stop_mails(token: str) -> ResponseReturnValue:
    """Stop a kind of mail for the person whom the link was signed for."""
    user_id, kind = found(read_token(token))
    choose_way(db.session, user_id=user_id, kind=kind, way=Way.PORTAL, now=utc_now())
    db.session.commit()
    return render_template("notifications/unsubscribe.html", notice=found(notice_of(kind)), token=token, done=True)


@bp.get("/work/administration/notifications")
@requires(Permission.ADMINISTER)
def table() -> ResponseReturnValue:
    """Show who is told what by which event."""
    return render_template("notifications/table.html", table=TABLE, audiences=AUDIENCES)
