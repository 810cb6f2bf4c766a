"""The next version of the policy: written, laid over every open invoice, published."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.collections import labels
from helpdesk.collections.forms import DraftForm
from helpdesk.collections.models import PolicyDraft
from helpdesk.collections.queries.policies import policy_in_force
from helpdesk.collections.queries.simulation import simulated, the_draft
from helpdesk.collections.rules.approvals import DEFAULT_APPROVALS
from helpdesk.collections.rules.policies import CHOSEN, DEFAULT_DAYS
from helpdesk.collections.rules.proof import unwarned_path
from helpdesk.collections.services.drafts import approvals_of, base_of, offsets_of, publish_draft, save_draft
from helpdesk.collections.services.policies import terms_of
from helpdesk.collections.views.desk_shared import calendar, desk, done, given
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.formatting import today
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import found, requires

_AHEAD: Final = timedelta(days=30)
"""Customers get a month to read a new version: what the form offers."""
_SHOWN: Final = 200


@desk.route("/policy", methods=["GET", "POST"])
@requires(Permission.COLLECTIONS_APPROVE)
def policy_draft() -> ResponseReturnValue:
    """Write the next version."""
    form = DraftForm(data=_first_answers(the_draft(db.session)))
    by, now = signed_in_user(), utc_now()
    if not done(
        form,
        lambda: save_draft(
            db.session,
            effective_from=given(form.effective_from.data),
            days=form.days,
            graces=form.graces,
            approvals=form.approvals,
            minimum=given(form.minimum.money),
            texts=form.texts,
            base=form.base.data or "",
            by=by,
            now=now,
        ),
    ):
        return render_template("collections/desk/draft.html", form=form, draft=the_draft(db.session))
    flash(_("Saved. Look at what it would do before you publish it."), "success")
    return redirect(url_for(".simulation"))


def _first_answers(draft: PolicyDraft | None) -> dict[str, object]:
    if draft is not None:
        texts, days = draft.texts, draft.days | {f"grace_{kind}": day for kind, day in draft.graces.items()}
        dated, minimum = draft.effective_from, draft.minimum
        approvals = {f"approval_{kind}": approval for kind, approval in draft.approvals.items()}
        return {
            **days,
            **approvals,
            "effective_from": dated,
            "minimum": str(minimum.major),
            **_texts(texts),
            "base": base_of(draft),
        }
    current = policy_in_force(db.session, today())
    days = {kind.value: current.day_of(kind) if current else DEFAULT_DAYS[kind] for kind in CHOSEN}
    graces = {f"grace_{kind.value}": current.stage(kind).grace_days if current else 0 for kind in CHOSEN}
    approving = current.approvals if current else DEFAULT_APPROVALS
    return {
        **days,
        **graces,
        **{f"approval_{kind.value}": approving[kind].value for kind in CHOSEN},
        "effective_from": today() + _AHEAD,
        "minimum": str(current.minimum.major) if current else "50.00",
        **_texts(terms_of(settings().partner_name)),
    }


def _texts(texts: dict[str, str]) -> dict[str, str]:
    return {"en": texts.get("en", ""), "zh_Hans": texts.get("zh-Hans", ""), "ja": texts.get("ja", "")}


@desk.get("/policy/simulation")
@requires(Permission.COLLECTIONS_APPROVE)
def simulation() -> ResponseReturnValue:
    """Show what the draft would do to every open invoice, beside today's policy."""
    return _simulation_page("")


def _simulation_page(refusal: str) -> str:
    draft = found(the_draft(db.session))
    days = offsets_of(draft)
    path = unwarned_path(days)
    rows = [] if path else simulated(db.session, days, minimum=draft.minimum, now=utc_now(), calendar=calendar())
    return render_template(
        "collections/desk/simulation.html",
        labels=labels,
        draft=draft,
        path=path,
        rows=rows[:_SHOWN],
        approvals={**DEFAULT_APPROVALS, **approvals_of(draft)},
        count=len(rows),
        earlier=sum(1 for row in rows if row.moved_days < 0),
        later=sum(1 for row in rows if row.moved_days > 0),
        customers=len({row.subscription.customer_id for row in rows if row.moved_days}),
        refusal=refusal,
    )


@desk.post("/policy/publish")
@requires(Permission.COLLECTIONS_APPROVE)
@fresh
def publish() -> ResponseReturnValue:
    """Publish the draft and tell every billing contact."""
    draft = found(the_draft(db.session))
    try:
        policy = publish_draft(db.session, draft, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        return _simulation_page(sentence_of(refusal)), 409
    db.session.commit()
    flash(
        _("Version %(version)d is published. Every billing contact is told by mail.", version=policy.version), "success"
    )
    return redirect(url_for("collections.policy_version", version=policy.version))
