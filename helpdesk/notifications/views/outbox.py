"""The outbox: what was mailed to whom, and what to do about a mail that did not get through."""

from __future__ import annotations

from typing import Final

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from jinja2 import TemplateError

from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.notifications import labels
from helpdesk.notifications.claims import reply_address_for
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.queries import (
    OutboxFilter,
    mail_pause,
    outbox_message,
    outbox_page,
    waiting_count,
    worker_is_late,
)
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.notifications.services import drop, retry
from helpdesk.permissions import Permission
from helpdesk.web.guards import current_actor, found, requires

bp = Blueprint("outbox", __name__)
log = structlog.get_logger(__name__)
_KEY_DIGITS: Final = 9


@bp.get("/work/mail")
@requires(Permission.MAIL_SEE)
def index() -> ResponseReturnValue:
    """List mails, newest first."""
    chosen = _chosen_filter()
    page = outbox_page(db.session, chosen, before=before_key())
    next_url = url_for(".index", state=chosen, before=page.next_key) if page.next_key else ""
    return render_template(
        "outbox/index.html",
        page=page,
        subjects={message.id: as_read(message).subject or labels.UNREADABLE for message in page.rows},
        chosen=chosen,
        labels=labels,
        next_url=next_url,
        late=worker_is_late(db.session, utc_now()),
        pause=mail_pause(db.session, utc_now()),
        waiting=waiting_count(db.session),
    )


def _chosen_filter() -> OutboxFilter:
    wish = request.args.get("state", "")
    return OutboxFilter(wish) if wish in set(OutboxFilter) else OutboxFilter.ALL


def before_key() -> int | None:
    """The key of the page before, from the address."""
    key = request.args.get("before", "")
    return int(key) if key.isascii() and key.isdigit() and len(key) <= _KEY_DIGITS else None


@bp.get("/work/mail/<public_id>")
@requires(Permission.MAIL_SEE)
def show(public_id: str) -> ResponseReturnValue:
    """Show one mail as text: its HTML is never part of a page."""
    message = found(outbox_message(db.session, public_id))
    return render_template(
        "outbox/show.html",
        message=message,
        mail=as_read(message),
        labels=labels,
        late=worker_is_late(db.session, utc_now()),
        pause=mail_pause(db.session, utc_now()),
        waiting=waiting_count(db.session),
    )


def as_read(message: OutboxMessage) -> Rendered:
    """What was sent, or what would be sent now; empty where the templates cannot be filled."""
    if message.subject or message.body:
        return Rendered(message.subject, message.body, "")
    try:
        reply_to = reply_address_for(message, message.delivery)
        return render(message, address=message.delivery.address, may_reply=bool(reply_to))
    except (TemplateError, TypeError, ValueError, LookupError) as error:
        log.warning("mail_preview_failed", mail=message.public_id, error=repr(error))
        return Rendered("", "", "")


@bp.post("/work/mail/<public_id>/retry")
@requires(Permission.ADMINISTER)
def retry_mail(public_id: str) -> ResponseReturnValue:
    """Try a dead mail again."""
    message = found(outbox_message(db.session, public_id))
    retry(db.session, message, by_id=_actor_id(), now=utc_now())
    db.session.commit()
    flash(_("The mail will be tried again."), "success")
    return redirect(url_for(".show", public_id=public_id))


@bp.post("/work/mail/<public_id>/drop")
@requires(Permission.ADMINISTER)
def drop_mail(public_id: str) -> ResponseReturnValue:
    """Give a dead mail up."""
    message = found(outbox_message(db.session, public_id))
    drop(db.session, message, by_id=_actor_id(), now=utc_now())
    db.session.commit()
    flash(_("The mail was dropped. Its text stays here."), "success")
    return redirect(url_for(".show", public_id=public_id))


def _actor_id() -> int:
    actor = current_actor()
    return int(actor.id) if actor else 0
