"""What the audit trail says of what is done to collections."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "policy.published": _l("Published the collections policy"),
    "policy.accepted": _l("Accepted the collections policy"),
    "notice.issued": _l("Issued a notice"),
    "notice.approved": _l("Approved a notice"),
    "notice.reissued": _l("Issued a notice anew"),
    "notice.acknowledged": _l("Acknowledged a notice"),
    "notice.settled": _l("Settled a notice"),
    "notice.superseded": _l("Superseded a notice by a later one"),
    "notice.withdrawn": _l("Withdrew a notice"),
    "suspension.proposed": _l("Asked for a suspension"),
    "suspension.approved": _l("Approved a suspension"),
    "suspension.suspended": _l("Suspended a subscription in Partner Center"),
    "suspension.overtaken": _l("Recorded a suspension though its reason had gone"),
    "suspension.deleted": _l("Recorded the deletion of a subscription’s data"),
    "suspension.dropped": _l("Dropped a suspension"),
    "suspension.reactivation_asked": _l("Asked for a reactivation"),
    "suspension.reactivated": _l("Reactivated a subscription in Partner Center"),
    "subscription.suspended": _l("Recorded that a subscription was suspended"),
    "subscription.reactivated": _l("Recorded that a subscription works again"),
    "collections.held": _l("Put the collection on hold"),
    "collections.released": _l("Released a hold"),
    "collections.promised": _l("Noted a promise to pay"),
    "collections.excepted": _l("Granted an exception from the policy"),
    "collections.exception_ended": _l("Ended an exception from the policy"),
    "partner_center.ordered": _l("Ordered a change from Partner Center"),
    "partner_center.ordered_back": _l("Ordered a change in Partner Center to be undone"),
    "partner_center.done": _l("Partner Center carried an order out"),
    "partner_center.failed": _l("Partner Center failed to carry an order out"),
    "partner_center.cancelled": _l("Cancelled an order to Partner Center"),
}
"""Each action that this slice writes, in words."""
