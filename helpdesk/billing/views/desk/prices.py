"""The partner's price rules."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.forms import MarkupForm
from helpdesk.billing.queries.offers import known_offers
from helpdesk.billing.services.pricing import price_rules, remove_markup, set_markup
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires


@bp.route("/prices", methods=["GET", "POST"])
@requires(Permission.BILLING_MANAGE)
def prices() -> ResponseReturnValue:
    """Show the markup of each offer, and change one."""
    form = MarkupForm()
    offers = known_offers(db.session)
    if form.validate_on_submit() and form.offer_id.data in {"", *(offer.offer_id for offer in offers)}:
        percent = Decimal(form.percent.data or 0).quantize(Decimal("0.01"))
        set_markup(db.session, offer_id=form.offer_id.data, percent=percent, by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("The markup is saved. It counts for drafts made from now on."), "success")
        return redirect(url_for(".prices"))
    return page("prices.html", form=form, offers=offers, rules=price_rules(db.session))


@bp.post("/prices/remove")
@requires(Permission.BILLING_MANAGE)
def remove_price() -> ResponseReturnValue:
    """Let an offer follow the general rule again."""
    remove_markup(db.session, offer_id=request.form.get("offer_id", "")[:60], by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("The offer follows the markup of all others again."), "success")
    return redirect(url_for(".prices"))
