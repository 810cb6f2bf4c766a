"""Every business number that the product does not let anyone choose, each with its source."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from helpdesk.permissions import Role

DATA_RETENTION_DAYS: Final = 60
"""Days after a suspension until 21Vianet deletes all data. Source: domain, duty 4."""

PARTNER_PAYMENT_DAYS: Final = 30
"""The partner pays 21Vianet net 30 days from the billing date. Source: domain, duty 2."""

LATE_CHARGE_PERCENT: Final = "1.5"
"""21Vianet's finance charge a month on a late partner invoice, in percent. Source: domain, duty 2."""

PRICE_NOTICE_DAYS: Final = 30
"""Price changes are announced this many days ahead. Source: domain, Money."""

VNET_OPENS_HOUR: Final = 9
VNET_CLOSES_HOUR: Final = 18
VNET_TIME_ZONE: Final = "Asia/Shanghai"
"""21Vianet commerce support: 9:00-18:00 Beijing time on business days. Source: domain, Escalating."""

PAYMENT_TERMS_DAYS: Final = 30
"""Days from the invoice date to the due date of the partner's own invoices: our default terms."""

LATE_CHARGE_AS_OF: Final = 2021
"""Year of the partner documentation that states the late charge. Source: domain, first paragraph and duty 2."""

IMPORT_MAX_BYTES: Final = 1024 * 1024 * 1024
"""A file of 21Vianet's charges may be this large; a million rows have about 400 MB."""

UPLOAD_MAX_BYTES: Final = 10 * 1024 * 1024
REQUEST_MAX_BYTES: Final = 25 * 1024 * 1024
UPLOAD_MAX_FILES: Final = 10
UPLOAD_MAX_PIXELS: Final = 40_000_000
UPLOADS_AN_HOUR: Final = 30
"""Requests with files of one person. Source: the security list, Rate limits."""
UPLOAD_TYPES: Final = ("pdf", "png", "jpg", "jpeg", "webp", "txt", "csv", "xlsx", "docx", "eml")
"""What may be attached. Source: the security list, Uploads."""

SUBJECT_MAX: Final = 200
MESSAGE_MAX: Final = 20_000
"""Characters of a ticket's subject and of one message."""

REOPEN_DAYS: Final = 14
"""Days after a resolution in which “not solved yet” reopens the same ticket."""

AUTOCLOSE_WORKING_DAYS: Final = 5
"""Working days after a delivered explanation until an unanswered ticket is closed."""

FIRST_ANSWER_HOURS: Final = {"urgent": 4, "high": 8, "normal": 16, "low": 24}
"""Working hours until the first answer, by priority."""

TARGET_HOURS_MAX: Final = 900
"""No goal is longer than so many working hours, a hundred days. Our choice."""

WARN_OWNER_HOURS: Final = 2
WARN_LEADS_HOURS: Final = 1
"""Working hours before a promise is broken at which its owner, then the leads, are told. Our choice."""

AWAY_WORKING_HOURS: Final = 18
"""Our working hours off duty, two days, after which an agent's tickets are shown to everybody. Our choice."""

FOLLOW_UP_WORKING_HOURS: Final = 9
"""21Vianet working hours between two looks at an escalation: one of its working days."""

INFORMATION_WORKING_HOURS: Final = 9
"""Our working hours until 21Vianet has what it asked of us: one working day."""

LEAD_AFTER_WORKING_HOURS: Final = 9
"""21Vianet working hours after an overdue follow-up until the leads are told too."""

CREDIT_WATCH_FILES: Final = 2
"""A granted credit that has not come with this many later reconciliation files is missing."""

PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 128
"""Length of a password. Source: the security list, Sign-in."""

SIGN_IN_ATTEMPT_DAYS: Final = 30
"""Tries to sign in are kept so long; the audit trail keeps what matters of them. Our choice."""
PRESENCE_DAYS: Final = 1
"""Who had a ticket open is of use for seconds. Our choice."""

DRAFT_DAYS: Final = 30
DRAFTS_MAX: Final = 20
"""An unsent text is kept for so many days after its last change, and at most so many of one person. Our choice."""

RESOLUTION_HOURS: Final = {"urgent": 9, "high": 27, "normal": 45, "low": 90}
"""Working hours until the resolution that we aim at, by priority; time of the customer and 21Vianet is not counted."""

RECOVERY_CODES: Final = 10
"""Codes on paper for when the phone is lost. Our choice."""

FRESH_SIGN_IN: Final = timedelta(minutes=10)
"""So long after proving who one is, nobody asks again. Source: the security list, Sign-in."""

_WORKING_DAY: Final = timedelta(hours=12)
SESSION_ABSOLUTE: Final = {
    Role.CUSTOMER_MEMBER: timedelta(days=7),
    Role.BILLING_CONTACT: timedelta(days=7),
    Role.AGENT: _WORKING_DAY,
    Role.LEAD: _WORKING_DAY,
    Role.KB_EDITOR: _WORKING_DAY,
    Role.ADMINISTRATOR: _WORKING_DAY,
}
"""A session ends this long after sign-in, whatever happens in it. Source for staff: NIST SP 800-63B, 4.2.3 (12 hours);
customers see their own organisation alone and come now and then: our choice."""

SESSION_IDLE: Final = {
    Role.CUSTOMER_MEMBER: timedelta(hours=12),
    Role.BILLING_CONTACT: timedelta(hours=12),
    Role.AGENT: timedelta(hours=2),
    Role.LEAD: timedelta(hours=2),
    Role.KB_EDITOR: timedelta(hours=2),
    Role.ADMINISTRATOR: timedelta(minutes=30),
}
"""A session ends when nobody came back for this long. Source for administrators: NIST SP 800-63B, 4.2.3 (30 minutes);
an agent's two hours outlast a long call or lunch, and what was being typed is kept as a draft: our choice."""

INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=1)
EMAIL_CHANGE_LASTS: Final = timedelta(days=1)
"""How long a mailed link works. Source: the security list, Sign-in (short-lived); the lengths are our choice."""

GUEST_LASTS: Final = timedelta(days=30)
"""So long somebody from outside reads and writes on the ticket to which they were invited; inviting again renews it."""
GUESTS_A_TICKET: Final = 5
"""People from outside on one ticket at a time. Both numbers are our choice."""

RESETS_PER_HOUR: Final = 3
"""Mails for one address that lost its password. Source: the security list, Rate limits."""

RESETS_PER_HOUR_NETWORK: Final = 30
"""The same for a whole office behind one address: our choice."""

EMAIL_CHANGES_PER_HOUR: Final = 3
INVITATIONS_PER_HOUR: Final = 20
RESEND_AFTER: Final = timedelta(minutes=10)
"""So often one person may have us write to addresses that nobody has confirmed: our choice."""
