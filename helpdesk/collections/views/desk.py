"""The Collections page: who stands where, what happens next, and what a lead decides about a customer."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.watching import note_seen
from helpdesk.billing.queries import subscription_visible
from helpdesk.clock import utc_now
from helpdesk.collections import labels
from helpdesk.collections.forms import ExceptionForm, HoldForm, PromiseForm
from helpdesk.collections.models import CollectionsHold, PolicyException
from helpdesk.collections.queries.desk import (
    cases_of,
    desk_rows,
    exceptions_of,
    holds_on,
    is_task,
    open_cases,
    others_of,
    promises_of,
)
from helpdesk.collections.queries.disputed import disputed_by_customer
from helpdesk.collections.queries.policies import policy_in_force
from helpdesk.collections.rules.approvals import may_approve
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.services.approving import approve_notice
from helpdesk.collections.services.steering import (
    end_exception,
    grant_exception,
    place_hold,
    release_hold,
    write_promise,
)
from helpdesk.collections.views.desk_shared import calendar, customer_of, desk, done, given
from helpdesk.collections.views.desk_words import chosen_rows, totals
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, requires


@desk.get("")
@requires(Permission.COLLECTIONS_WORK)
def index() -> ResponseReturnValue:
    """Show every customer's stage, next action and date, the amounts, and the cases that wait."""
    rows = desk_rows(db.session, now=utc_now(), calendar=calendar())
    disputed = disputed_by_customer(db.session)
    listed = {row.customer.id for row in rows}
    chosen = request.args.get("show", "all")
    return render_template(
        "collections/desk/index.html",
        labels=labels,
        rows=chosen_rows(rows, chosen),
        chosen=chosen,
        totals=totals(rows, disputed.values()),
        disputed_only=[each for number, each in disputed.items() if number not in listed],
        tasks=[each for row in rows for each in row.standings if is_task(each)],
        approvals=[each for row in rows for each in row.standings if each.action.step is Step.AWAIT_APPROVAL],
        cases=open_cases(db.session, signed_in_user()),
        has_policy=policy_in_force(db.session, today()) is not None,
    )


@desk.get("/<public_id>")
@requires(Permission.COLLECTIONS_WORK)
def customer(public_id: str) -> ResponseReturnValue:
    """Show one customer."""
    return _customer_page(public_id)


def _customer_page(public_id: str, **typed: FlaskForm) -> str:
    person = customer_of(public_id)
    note_seen(person)
    now = utc_now()
    rows = desk_rows(db.session, now=now, calendar=calendar(), customer_id=person.id)
    listed = [each.subscription.id for row in rows for each in row.standings]
    disputed = disputed_by_customer(db.session, customer_id=person.id).get(person.id)
    forms = {"hold": HoldForm(prefix="hold"), "promise": PromiseForm(prefix="promise")}
    return render_template(
        "collections/desk/customer.html",
        labels=labels,
        customer=person,
        row=rows[0] if rows else None,
        disputed=disputed.amounts if disputed else [],
        holds=holds_on(db.session, person.id),
        promises=promises_of(db.session, [person.id], now=now).get(person.id, []),
        exceptions=exceptions_of(db.session, person.id),
        others=others_of(db.session, person.id, listed=listed),
        cases=cases_of(db.session, signed_in_user(), person.id),
        forms={**forms, "exception": ExceptionForm(prefix="exception"), **typed},
        today=today(),
        may_approve=partial(may_approve, signed_in_user().role),
    )


@desk.post("/subscriptions/<public_id>/approve")
@requires(Permission.COLLECTIONS_WORK)
def approve_stage(public_id: str) -> ResponseReturnValue:
    """Let the notice that is due go out; the policy says who may."""
    by = signed_in_user()
    subscription = found(subscription_visible(db.session, by, public_id))
    notice = approve_notice(db.session, subscription, by=by, now=utc_now(), calendar=calendar())
    db.session.commit()
    flash(_("Approved. The notice is on its way to the customer."), "success")
    return redirect(url_for("collections.notice", public_id=notice.public_id))


@desk.post("/<public_id>/hold")
@requires(Permission.COLLECTIONS_APPROVE)
def hold(public_id: str) -> ResponseReturnValue:
    """Let no stage begin until a day."""
    person, form = customer_of(public_id), HoldForm(prefix="hold")
    by, now = signed_in_user(), utc_now()
    if not done(
        form,
        lambda: place_hold(
            db.session, person, until=given(form.until.data), reason=form.reason.data or "", by=by, now=now
        ),
    ):
        return _customer_page(public_id, hold=form)
    flash(_("On hold. No stage begins and nothing is suspended until the day after."), "success")
    return redirect(url_for(".customer", public_id=public_id))


@desk.post("/<public_id>/holds/<hold_id>/release")
@requires(Permission.COLLECTIONS_APPROVE)
def release(public_id: str, hold_id: str) -> ResponseReturnValue:
    """End a hold before its day."""
    person = customer_of(public_id)
    statement = select(CollectionsHold).where(
        CollectionsHold.public_id == hold_id, CollectionsHold.customer_id == person.id
    )
    release_hold(db.session, found(db.session.scalars(statement).one_or_none()), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("The hold is released. Every waiting time is kept."), "success")
    return redirect(url_for(".customer", public_id=public_id))


@desk.post("/<public_id>/promise")
@requires(Permission.COLLECTIONS_WORK)
def promise(public_id: str) -> ResponseReturnValue:
    """Write down a promise to pay."""
    person, form = customer_of(public_id), PromiseForm(prefix="promise")
    by, now = signed_in_user(), utc_now()
    if not done(
        form,
        lambda: write_promise(
            db.session,
            person,
            amount=given(form.amount.money),
            promised_on=given(form.promised_on.data),
            said_by=form.said_by.data or "",
            by=by,
            now=now,
        ),
    ):
        return _customer_page(public_id, promise=form)
    flash(_("Written down. A promise holds nothing by itself; a broken one is flagged."), "success")
    return redirect(url_for(".customer", public_id=public_id))


@desk.post("/<public_id>/exception")
@requires(Permission.COLLECTIONS_APPROVE)
def exception(public_id: str) -> ResponseReturnValue:
    """Give a customer more days at every stage."""
    person, form = customer_of(public_id), ExceptionForm(prefix="exception")
    by, now = signed_in_user(), utc_now()
    if not done(
        form,
        lambda: grant_exception(
            db.session,
            person,
            extra_days=form.extra_days.data or 0,
            until=given(form.until.data),
            reason=form.reason.data or "",
            by=by,
            now=now,
        ),
    ):
        return _customer_page(public_id, exception=form)
    flash(_("Granted. Every stage of this customer comes that much later."), "success")
    return redirect(url_for(".customer", public_id=public_id))


@desk.post("/<public_id>/exceptions/<exception_id>/end")
@requires(Permission.COLLECTIONS_APPROVE)
def stop_exception(public_id: str, exception_id: str) -> ResponseReturnValue:
    """End an exception before its day."""
    person = customer_of(public_id)
    statement = select(PolicyException).where(
        PolicyException.public_id == exception_id, PolicyException.customer_id == person.id
    )
    end_exception(db.session, found(db.session.scalars(statement).one_or_none()), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("The exception has ended."), "success")
    return redirect(url_for(".customer", public_id=public_id))
