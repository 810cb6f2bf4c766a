"""The page of how soon we answer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.targets import CLOCKS, TargetsForm
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.models import Topic
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.targets import EVERY_TOPIC
from helpdesk.tickets.services.targets import forget_topic, set_targets
from helpdesk.tickets.views.blueprints import desk_bp
from helpdesk.web.guards import requires

_EVERY = "every"


@desk_bp.get("/targets")
@requires(Permission.DESK_MANAGE)
def targets() -> ResponseReturnValue:
    """Show the hours of every topic without its own."""
    return redirect(url_for(".targets_of", topic=_EVERY))


@desk_bp.route("/targets/<topic>", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def targets_of(topic: str) -> ResponseReturnValue:
    """Show or keep the hours of one topic."""
    chosen, known = _topic(topic), current_targets(db.session)
    form = TargetsForm(known, chosen)
    if form.validate_on_submit():
        set_targets(db.session, topic=chosen, goals=form.goals(), by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("Saved. Promises that were made already stay as they are."), "success")
        return redirect(url_for(".targets_of", topic=topic))
    own = {each for each, _priority in known.chosen}
    return render_template(
        "desk/targets.html",
        form=form,
        topic=topic,
        topics=[(_EVERY, _("Every topic"), False), *((str(key), label, key in own) for key, label in TOPICS.items())],
        is_own=chosen in own,
        clocks=CLOCKS,
    )


@desk_bp.post("/targets/<topic>/forget")
@requires(Permission.DESK_MANAGE)
def targets_forget(topic: str) -> ResponseReturnValue:
    """Follow what counts without a choice of one's own."""
    forget_topic(db.session, topic=_topic(topic), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Saved. Promises that were made already stay as they are."), "success")
    return redirect(url_for(".targets_of", topic=topic))


def _topic(text: str) -> str:
    if text == _EVERY:
        return EVERY_TOPIC
    if text not in set(Topic):
        abort(404)
    return text
