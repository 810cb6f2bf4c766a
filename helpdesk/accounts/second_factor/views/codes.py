"""Recovery codes: shown once, to print or to keep as a file."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.layout import layout_of
from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.queries import unused_code
from helpdesk.accounts.second_factor.services import renew_codes
from helpdesk.accounts.second_factor.views.blueprint import bp
from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires


def codes_page(person: User, codes: list[str]) -> ResponseReturnValue:
    """The only page that ever shows these codes."""
    return render_template("accounts/second_factor/codes.html", layout=layout_of(person), codes=codes, person=person)


@bp.post("/account/second-step/codes")
@requires(Permission.ACCOUNT_OWN)
@fresh
def codes() -> ResponseReturnValue:
    """Give out new recovery codes."""
    person = signed_in_user()
    made = renew_codes(db.session, person, now=utc_now())
    db.session.commit()
    return codes_page(person, made)


@bp.post("/account/second-step/codes.txt")
@requires(Permission.ACCOUNT_OWN)
def codes_file() -> ResponseReturnValue:
    """Send the codes that the page holds as a file; we ourselves keep only their digests."""
    person = signed_in_user()
    shown = request.form.getlist("code")[:20]
    if not shown or any(unused_code(db.session, person, code) is None for code in shown):
        abort(400)
    title = _("Recovery codes for %(email)s at %(partner)s", email=person.email, partner=settings().partner_name)
    text = "\r\n".join([title, _("Each works once."), "", *shown, ""])
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response
