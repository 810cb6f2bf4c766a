"""Words for what is thrown away."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

KINDS: Final = {
    "ended_sessions": _l("Ended sessions"),
    "sign_in_attempts": _l("Tries to sign in"),
    "search_log": _l("Questions to the search"),
    "raw_mails": _l("Originals of mails that came in"),
    "sent_mail_texts": _l("Texts of sent mails about tickets and accounts"),
    "portal_notifications": _l("Notifications that were shown in the portal alone"),
    "guest_addresses": _l("Addresses of people from outside whose access to a ticket is over"),
    "ticket_drafts": _l("Unsent ticket texts"),
    "ticket_presence": _l("Who had a ticket open"),
}
