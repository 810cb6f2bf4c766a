"""How the application gets to know this slice."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, g, request

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.clock import utc_now
from helpdesk.collections.queries import stage_variables, urgent_notices_of
from helpdesk.collections.queries.suspended import suspended_without_notice
from helpdesk.collections.words import Banner, banner, suspension_banner
from helpdesk.extensions import db
from helpdesk.kb.variables import provide
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today


def init_app(app: Flask) -> None:
    """Offer the layouts `urgent_notices()`, and articles `{{ policy.suspension_day }}` and its like."""
    app.jinja_env.globals["urgent_notices"] = urgent_notices
    provide("policy", policy_values)


def urgent_notices() -> list[Banner]:
    """The banner of the reader's organisation, asked for once a page; not on the page it leads to."""
    if "urgent_notices" not in g:
        g.urgent_notices = [each for each in _urgent_notices() if each.url != request.path]
    found: list[Banner] = g.urgent_notices
    return found


def _urgent_notices() -> list[Banner]:
    person = signed_in_user_or_none()
    if person is None or person.customer_id is None or not person.may(Permission.NOTICES_SEE):
        return []
    suspended = suspended_without_notice(db.session, person)
    told = {case.notice.public_id for case in suspended if case.notice}
    found = [each for each in urgent_notices_of(db.session, person) if each.public_id not in told]
    others = len(found) + len(suspended) - 1
    if suspended and not (found and found[0].suspended):
        return [suspension_banner(suspended[0], others=others)]
    if not found:
        return []
    shows_money = person.may(Permission.INVOICES_SEE)
    return [banner(found[0], today=today(), shows_money=shows_money, others=others)]


def policy_values() -> Mapping[str, object]:
    """The days of the policy in force, by the names that articles use."""
    return stage_variables(db.session, utc_now().date())
