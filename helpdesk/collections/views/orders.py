"""Having Partner Center do what was approved."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.collections.models import OrderState, PartnerCenterOrder, SuspensionCase
from helpdesk.collections.services.orders import order_change, order_of
from helpdesk.collections.views.desk_shared import case_of, desk
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.partner_center import errors
from helpdesk.partner_center.wiring import writes_on
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires


@dataclass(frozen=True, slots=True)
class ApiWay:
    """What the case page says of Partner Center's API."""

    is_on: bool
    """Whether this installation may change subscriptions through it."""
    order: PartnerCenterOrder | None
    problem: str

    @property
    def waits(self) -> bool:
        """Whether an order is on its way."""
        return self.order is not None and self.order.state is OrderState.WAITING

    @property
    def failed(self) -> bool:
        """Whether the last order failed."""
        return self.order is not None and self.order.state is OrderState.FAILED


def api_way(case: SuspensionCase) -> ApiWay:
    """The newest order about a case, and whether there may be another."""
    order = order_of(db.session, case)
    return ApiWay(writes_on(settings()), order, _words(order) if order else "")


def _words(order: PartnerCenterOrder) -> str:
    """The last refusal in the reader's language."""
    known = getattr(errors, order.problem, None) if order.problem else None
    if not isinstance(known, type) or not issubclass(known, DomainError):
        return ""
    return sentence_of(known(**order.values))


@desk.post("/cases/<public_id>/order")
@requires(Permission.COLLECTIONS_APPROVE)
@fresh
def order(public_id: str) -> ResponseReturnValue:
    """Have it done through the API; nothing counts before Partner Center shows it."""
    order_change(db.session, case_of(public_id), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Ordered. It counts once Partner Center shows the new state; this page says so."), "success")
    return redirect(url_for(".case", public_id=public_id))
