"""Making invoices from 21Vianet's charges: everything is shown before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from helpdesk.billing.forms import MakeForm, refuse_because
from helpdesk.billing.queries.reconcile import Unbilled, latest_period, unbilled
from helpdesk.billing.rules.pricing import PriceRules, line_values
from helpdesk.billing.services.pricing import make_drafts, price_rules
from helpdesk.billing.views.desk.shared import bp, day_asked, page
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.limits import PAYMENT_TERMS_DAYS
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import requires


@dataclass(frozen=True, slots=True)
class Proposal:
    """The draft that would be made for one customer."""

    of: Unbilled
    price: Money

    @property
    def key(self) -> str:
        """How the form names it."""
        return f"{self.of.customer.public_id}-{self.of.cost.currency}"

    @property
    def margin(self) -> Money:
        """What the partner keeps."""
        return self.price - self.of.cost


@bp.route("/make", methods=["GET", "POST"])
@requires(Permission.BILLING_MANAGE)
def make() -> ResponseReturnValue:
    """Show which drafts can be made of charges that nobody billed yet; make those that were chosen."""
    form = MakeForm(data={"issued_on": today(), "due_on": today() + timedelta(days=PAYMENT_TERMS_DAYS)})
    newest = latest_period(db.session) or (today(), today())
    start, end = day_asked("from", newest[0]), day_asked("to", newest[1])
    found = unbilled(db.session, start=start, end=end)
    proposals = _proposals(found.customers, price_rules(db.session))
    values = {"form": form, "proposals": proposals, "start": start, "end": end, "has_more": found.has_more}
    if not form.validate_on_submit():
        return page("make.html", **values)
    chosen = [each.of for each in proposals if each.key in request.form.getlist("customer")]
    try:
        made = make_drafts(db.session, chosen, issued_on=form.issued_on.day, due_on=form.due_on.day, now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.due_on, refusal)
        return page("make.html", **values)
    db.session.commit()
    flash(
        ngettext(
            "%(num)d draft was made. Look at it, then issue it.",
            "%(num)d drafts were made. Look at them, then issue them.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for(".drafts"))


def _proposals(found: list[Unbilled], prices: PriceRules) -> list[Proposal]:
    return [
        Proposal(each, Money(sum(line_values(row, prices)["total_minor"] for row in each.rows), each.cost.currency))
        for each in found
    ]
