"""States of a mail in words, with the tone in which they are shown."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.notifications.models import OutboxState, Way
from helpdesk.notifications.queries import OutboxFilter
from helpdesk.notifications.table import DIGEST, Notice

STATE: Final[dict[OutboxState, LazyString]] = {
    OutboxState.QUEUED: _l("Waiting to be sent"),
    OutboxState.SENT: _l("Sent"),
    OutboxState.DEAD: _l("Not delivered"),
    OutboxState.DROPPED: _l("Dropped"),
    OutboxState.PORTAL_ONLY: _l("In the portal only"),
}
TONE: Final[dict[OutboxState, tuple[str, str]]] = {
    OutboxState.QUEUED: ("info", "hourglass-split"),
    OutboxState.SENT: ("good", "check2"),
    OutboxState.DEAD: ("bad", "x-octagon"),
    OutboxState.DROPPED: ("neutral", "trash"),
    OutboxState.PORTAL_ONLY: ("neutral", "bell"),
}
FILTER: Final[dict[OutboxFilter, LazyString]] = {
    OutboxFilter.ALL: _l("All mail"),
    OutboxFilter.WAITING: _l("Waiting to be sent"),
    OutboxFilter.SENT: _l("Sent"),
    OutboxFilter.DEAD: _l("Not delivered"),
}
EMPTY: Final[dict[OutboxFilter, LazyString]] = {
    OutboxFilter.ALL: _l("Mail to customers and colleagues appears here as soon as there is some."),
    OutboxFilter.WAITING: _l("Everything has gone out."),
    OutboxFilter.SENT: _l("No mail was sent yet."),
    OutboxFilter.DEAD: _l("Every mail reached its mail server."),
}
"""What an empty list means."""
UNREADABLE: Final = _l("(no subject yet)")
"""Shown for a waiting mail whose templates cannot be filled; the worker reports why."""
EXPLAINED: Final[dict[OutboxState, LazyString]] = {
    OutboxState.QUEUED: _l("This is how the mail will read. It goes out as soon as the worker gets to it."),
    OutboxState.SENT: _l("This is what the recipient was sent. The mail server has taken it."),
    OutboxState.DEAD: _l(
        "This mail was tried several times or was refused for good. An administrator can try it again or drop it."
    ),
    OutboxState.DROPPED: _l("An administrator gave this mail up. It was not sent."),
    OutboxState.PORTAL_ONLY: _l("This was not mailed; the recipient finds it among the notifications of the portal."),
}
WAYS_OF_CUSTOMERS: Final[dict[Way, LazyString]] = {
    Way.MAIL: _l("By mail and in the portal"),
    Way.PORTAL: _l("In the portal only"),
}
WAYS_OF_STAFF: Final[dict[Way, LazyString]] = {
    Way.MAIL: _l("By mail at once"),
    Way.DIGEST: _l("In one mail a day"),
    Way.PORTAL: _l("In the portal only"),
}


def ways_for(notice: Notice) -> dict[Way, LazyString]:
    """Between which ways a person chooses for a kind; the daily summary cannot be part of itself."""
    if not notice.for_staff:
        return WAYS_OF_CUSTOMERS
    return {way: label for way, label in WAYS_OF_STAFF.items() if notice.kind != DIGEST or way is not Way.DIGEST}
