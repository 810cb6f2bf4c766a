"""What the audit trail says of what is done to accounts, and of reading."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "user.signed_in": _l("Signed in"),
    "user.signed_out": _l("Signed out"),
    "user.sign_in_failed": _l("Failed to sign in"),
    "user.password_accepted": _l("Gave the right password; the second step was still to come"),
    "user.second_step_failed": _l("Failed at the second step"),
    "user.confirmed": _l("Confirmed who they are"),
    "user.confirmation_failed": _l("Failed to confirm who they are"),
    "user.session_ended": _l("Ended a session"),
    "user.sessions_ended": _l("Signed all devices out"),
    "user.created": _l("Opened an account"),
    "user.disabled": _l("Deactivated an account"),
    "user.disabling_explained": _l("Gave the reason for deactivating an account"),
    "user.enabled": _l("Activated an account again"),
    "user.role_changed": _l("Changed a person’s role"),
    "user.password_changed": _l("Changed a password"),
    "user.reset_asked": _l("Asked for a new password"),
    "user.email_change_asked": _l("Asked for a change of e-mail address"),
    "user.email_changed": _l("Changed an e-mail address"),
    "user.email_change_withdrawn": _l("Withdrew a change of e-mail address"),
    "user.identity_linked": _l("Linked an account to the identity provider"),
    "user.second_factor_on": _l("Switched the second step on"),
    "user.second_factor_replaced": _l("Replaced the second step"),
    "user.second_factor_off": _l("Switched the second step off"),
    "user.recovery_code_used": _l("Used a recovery code"),
    "user.recovery_codes_renewed": _l("Made new recovery codes"),
    "invitation.sent": _l("Invited a person"),
    "invitation.sent_again": _l("Sent an invitation again"),
    "invitation.withdrawn": _l("Withdrew an invitation"),
    "invitation.accepted": _l("Accepted an invitation"),
    "customer.seen": _l("Looked at a customer’s data"),
    "export.made": _l("Downloaded a table or archive"),
}
"""Each action that this slice writes, in words."""
