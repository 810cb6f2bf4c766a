"""What staff do with a notice in force."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.collections.forms import DropForm, ReasonForm
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries import notice_visible
from helpdesk.collections.services.amending import correct_notice, reissue, take_back
from helpdesk.collections.views.desk_shared import calendar, desk, done, given
from helpdesk.collections.views.notices import notice_page
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


def _notice(public_id: str) -> SuspensionNotice:
    return found(notice_visible(db.session, signed_in_user(), public_id))


@desk.post("/notices/<public_id>/reissue")
@requires(Permission.COLLECTIONS_WORK)
def send_again(public_id: str) -> ResponseReturnValue:
    """Send a notice again."""
    reissue(db.session, _notice(public_id), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(
        _("Sent again to every contact who can be reached. The waiting time runs from when it is received."), "success"
    )
    return redirect(url_for("collections.notice", public_id=public_id))


@desk.post("/notices/<public_id>/correct")
@requires(Permission.COLLECTIONS_APPROVE)
def correct(public_id: str) -> ResponseReturnValue:
    """Give the same stage anew with the amounts of today."""
    form, row, made = ReasonForm(prefix="correct"), _notice(public_id), []
    by, now, days = signed_in_user(), utc_now(), calendar()

    def deed() -> None:
        reason = form.reason.data or ""
        made.append(correct_notice(db.session, row, reason=reason, by=by, now=now, calendar=days))

    if not done(form, deed):
        return notice_page(_notice(public_id), correct=form)
    flash(_("Corrected: the old notice is taken back, and a new one states what is due today."), "success")
    return redirect(url_for("collections.notice", public_id=made[0].public_id))


@desk.post("/notices/<public_id>/withdraw")
@requires(Permission.COLLECTIONS_APPROVE)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take a notice back with a reason."""
    form, row = DropForm(prefix="withdraw"), _notice(public_id)
    by, now = signed_in_user(), utc_now()

    def deed() -> None:
        take_back(db.session, row, reason=form.reason.data or "", until=given(form.until.data), by=by, now=now)

    if not done(form, deed):
        return notice_page(_notice(public_id), withdraw=form)
    flash(_("Taken back. The customer has been told why."), "success")
    return redirect(url_for("collections.notice", public_id=public_id))
