"""What the audit trail says of what is done to tickets and the desk."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "ticket.opened": _l("Opened a ticket"),
    "ticket.assigned": _l("Assigned a ticket"),
    "ticket.triaged": _l("Changed topic, priority or owner of a ticket"),
    "ticket.moved": _l("Changed the state of a ticket"),
    "ticket.replied": _l("Answered in a ticket"),
    "ticket.noted": _l("Wrote an internal note"),
    "ticket.tagged": _l("Changed the tags of a ticket"),
    "ticket.answered_fields": _l("Filled in fields of a ticket"),
    "ticket.copied": _l("Copied a person in"),
    "ticket.uncopied": _l("No longer copies a person in"),
    "ticket.guest_invited": _l("Invited a guest to a ticket"),
    "ticket.guest_invited_again": _l("Invited a guest to a ticket again"),
    "ticket.guest_link_sent": _l("Sent a guest a new link"),
    "ticket.guest_came": _l("A guest came to a ticket"),
    "ticket.guest_ended": _l("Ended a guest’s access"),
    "ticket.linked": _l("Linked two tickets"),
    "ticket.merged": _l("Merged two tickets"),
    "ticket.unmerged": _l("Undid the merging of two tickets"),
    "ticket.split": _l("Split a ticket"),
    "ticket.escalated": _l("Handed a ticket to 21Vianet"),
    "ticket.answered_by_21vianet": _l("Took a ticket back with 21Vianet’s answer"),
    "ticket.resolved": _l("Resolved a ticket"),
    "ticket.closed": _l("Closed a ticket"),
    "ticket.reopened": _l("Reopened a ticket"),
    "ticket.rated": _l("Rated a ticket"),
    "desk.duty.on": _l("Put a person on duty"),
    "desk.duty.off": _l("Took a person off duty"),
    "desk.rule.kept": _l("Saved an assignment rule"),
    "desk.rule.enabled": _l("Switched an assignment rule on or off"),
    "desk.rule.moved": _l("Moved an assignment rule"),
    "desk.rule.dropped": _l("Deleted an assignment rule"),
    "desk.group.kept": _l("Saved a group of agents"),
    "desk.group.dropped": _l("Deleted a group of agents"),
    "desk.field_kept": _l("Saved an own field"),
    "desk.field_moved": _l("Moved an own field"),
    "desk.field_retired": _l("Retired an own field"),
    "desk.field_restored": _l("Restored an own field"),
    "desk.targets_set": _l("Set the answer targets"),
    "calendar.hours_set": _l("Set the working hours"),
    "calendar.day_set": _l("Set a holiday or working day"),
    "calendar.day_forgotten": _l("Removed a holiday or working day"),
    "calendar.year_confirmed": _l("Confirmed a calendar year"),
    "calendar.year_doubted": _l("Withdrew the confirmation of a calendar year"),
}
"""Each action that this slice writes, in words."""
