"""The words of how a resolution ended."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.tickets.rules.loops import Ending

ENDINGS: Final = {
    Ending.CONFIRMED: _l("Confirmed by the customer"),
    Ending.RAN_OUT: _l("Delivered, no objection in time"),
    Ending.WAITING: _l("Not confirmed yet"),
    Ending.REOPENED: _l("Opened again"),
    Ending.BOUNCED: _l("Explanation came back"),
}
