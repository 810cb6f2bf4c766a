"""One suspension case: what would happen to whom, the steps by hand, and what was seen."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import people_of
from helpdesk.accounts.watching import note_seen
from helpdesk.billing.queries import subscription_visible
from helpdesk.billing.rules.invoices import day_in
from helpdesk.clock import utc_now
from helpdesk.collections import labels
from helpdesk.collections.forms import ApproveForm, DropForm, ProposeForm, ReactivatedForm, ReasonForm, SeenForm
from helpdesk.collections.models import SuspensionCase, SuspensionReason
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.schedule import data_deleted_on
from helpdesk.collections.services import (
    approve_suspension,
    ask_reactivation,
    confirm_reactivation,
    propose_suspension,
)
from helpdesk.collections.services.amending import give_up
from helpdesk.collections.services.deleting import record_deletion
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.collections.views.desk_shared import calendar, case_of, desk, done, given
from helpdesk.collections.views.orders import api_way
from helpdesk.extensions import db
from helpdesk.permissions import Permission, Role
from helpdesk.web.formatting import today
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import found, requires


@desk.route("/subscriptions/<public_id>/suspend", methods=["GET", "POST"])
@requires(Permission.COLLECTIONS_WORK)
def propose(public_id: str) -> ResponseReturnValue:
    """Propose a suspension to the leads."""
    subscription = found(subscription_visible(db.session, signed_in_user(), public_id))
    form = ProposeForm()
    made: list[SuspensionCase] = []
    by, now, days = signed_in_user(), utc_now(), calendar()

    def deed() -> None:
        made.append(
            propose_suspension(
                db.session,
                subscription,
                reason=SuspensionReason(form.reason.data),
                explanation=form.explanation.data or "",
                by=by,
                now=now,
                calendar=days,
            )
        )

    if not done(form, deed):
        return render_template("collections/desk/propose.html", form=form, subscription=subscription)
    flash(_("Proposed. A lead decides; nothing has happened yet."), "success")
    return redirect(url_for(".case", public_id=made[0].public_id))


@desk.get("/cases/<public_id>")
@requires(Permission.COLLECTIONS_WORK)
def case(public_id: str) -> ResponseReturnValue:
    """Show one case."""
    return _page(public_id)


def _page(public_id: str, **typed: FlaskForm) -> str:
    row = case_of(public_id)
    note_seen(row.customer)
    now = utc_now()
    found_standings = standings(db.session, now=now, calendar=calendar(), customer_id=row.customer_id)
    people = people_of(db.session, row.customer_id)
    today_there = day_in(row.customer.time_zone, now)
    deletion = row.data_deleted_on or data_deleted_on(today_there)
    forms = {
        "approve": ApproveForm(prefix="approve"),
        "seen": ReactivatedForm(prefix="seen"),
        "gone": SeenForm(prefix="gone"),
        "drop": _drop_form(row),
    }
    return render_template(
        "collections/desk/case.html",
        labels=labels,
        case=row,
        standing=next((each for each in found_standings if each.subscription.id == row.subscription_id), None),
        contacts=[person for person in people if person.role is Role.BILLING_CONTACT],
        deletion=deletion,
        days_left=(deletion - today_there).days,
        forms={**forms, **typed},
        api=api_way(row),
        is_own=row.proposed_by_id == signed_in_user().id,
        today=today(),
    )


def _step(
    public_id: str, name: str, form: FlaskForm, deed: Callable[[SuspensionCase], object], said: str
) -> ResponseReturnValue:
    row = case_of(public_id)
    if not done(form, lambda: deed(row)):
        return _page(public_id, **{name: form})
    flash(said, "success")
    return redirect(url_for(".case", public_id=public_id))


@desk.post("/cases/<public_id>/approve")
@requires(Permission.COLLECTIONS_APPROVE)
@fresh
def approve(public_id: str) -> ResponseReturnValue:
    """Let it happen; the lead has just said once more who they are."""
    form = ApproveForm(prefix="approve")
    by, now, days = signed_in_user(), utc_now(), calendar()
    return _step(
        public_id,
        "approve",
        form,
        lambda row: approve_suspension(db.session, row, by=by, now=now, calendar=days),
        _("Approved. It counts once it is done in Partner Center and recorded."),
    )


@desk.post("/cases/<public_id>/suspended")
@requires(Permission.COLLECTIONS_WORK)
def suspended(public_id: str) -> ResponseReturnValue:
    """Record that it was done and seen."""
    form, row = SeenForm(prefix="seen"), case_of(public_id)
    by, now, days = signed_in_user(), utc_now(), calendar()
    if not done(
        form,
        lambda: record_suspended(db.session, row, seen=form.seen.data or "", by=by, now=now, calendar=days),
    ):
        return _page(public_id, seen=form)
    if row.was_overtaken:
        flash(_("Recorded, and the customer has been told. Reactivate it now: its reason had gone before."), "warning")
    else:
        flash(_("Recorded. The customer has been told; the 60 days run from today."), "success")
    return redirect(url_for(".case", public_id=public_id))


@desk.post("/cases/<public_id>/drop")
@requires(Permission.COLLECTIONS_APPROVE)
def drop(public_id: str) -> ResponseReturnValue:
    """Do not suspend; a non-payment is not proposed again until a day."""
    form = _drop_form(case_of(public_id))
    by, now = signed_in_user(), utc_now()

    def deed(row: SuspensionCase) -> None:
        until = given(form.until.data) if isinstance(form, DropForm) else None
        give_up(db.session, row, reason=form.reason.data or "", until=until, by=by, now=now)

    held = _("Not suspended. The customer is on hold until that day.")
    return _step(public_id, "drop", form, deed, held if isinstance(form, DropForm) else _("Not suspended."))


def _drop_form(row: SuspensionCase) -> ReasonForm:
    """Only what the daily run proposes can be proposed again."""
    is_dunned = row.reason is SuspensionReason.NON_PAYMENT
    return DropForm(prefix="drop") if is_dunned else ReasonForm(prefix="drop")


@desk.post("/cases/<public_id>/ask-reactivation")
@requires(Permission.COLLECTIONS_WORK)
def reactivate(public_id: str) -> ResponseReturnValue:
    """Ask for the subscription to be switched on again."""
    ask_reactivation(db.session, case_of(public_id), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Everyone who can do it has been asked by mail."), "success")
    return redirect(url_for(".case", public_id=public_id))


@desk.post("/cases/<public_id>/deleted")
@requires(Permission.COLLECTIONS_WORK)
def deleted(public_id: str) -> ResponseReturnValue:
    """Record that 21Vianet has deleted the data."""
    form = SeenForm(prefix="gone")
    by, now = signed_in_user(), utc_now()
    return _step(
        public_id,
        "gone",
        form,
        lambda row: record_deletion(db.session, row, seen=form.seen.data or "", by=by, now=now),
        _("Recorded. The case and its notice have ended."),
    )


@desk.post("/cases/<public_id>/reactivated")
@requires(Permission.COLLECTIONS_WORK)
def reactivated(public_id: str) -> ResponseReturnValue:
    """Record that it works again."""
    form = ReactivatedForm(prefix="seen")
    by, now = signed_in_user(), utc_now()
    return _step(
        public_id,
        "seen",
        form,
        lambda row: confirm_reactivation(db.session, row, seen=form.seen.data or "", by=by, now=now, on=form.on.data),
        _("Recorded. The customer has been told that users can sign in again."),
    )
