"""The front page of the desk: what waits."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.queries.customers import draft_count
from helpdesk.billing.queries.imports import recent_imports
from helpdesk.billing.queries.payables import payables
from helpdesk.billing.queries.proofs import waiting_count
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import requires


@bp.get("")
@requires(Permission.PAYMENTS_BOOK)
def index() -> ResponseReturnValue:
    """Show what waits: proofs, drafts, files, and what is owed to 21Vianet."""
    manages = signed_in_user().may(Permission.BILLING_MANAGE)
    owed = [each for each in payables(db.session) if each.paid_on is None and each.is_owed] if manages else []
    return page(
        "index.html",
        proofs=waiting_count(db.session),
        drafts=draft_count(db.session),
        files=list(recent_imports(db.session, limit=5)) if manages else [],
        owed=sorted(owed, key=lambda each: each.due_on),
        late=[each for each in owed if each.is_late(today())],
    )
