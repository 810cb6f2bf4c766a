"""Every table, imported once, so that the metadata is whole."""

from helpdesk import jobs
from helpdesk.accounts import models as accounts
from helpdesk.accounts.addresses import models as addresses
from helpdesk.accounts.invitations import models as invitations
from helpdesk.accounts.oidc import models as oidc
from helpdesk.accounts.recovery import models as recovery
from helpdesk.accounts.second_factor import models as second_factor
from helpdesk.accounts.sessions import models as sessions
from helpdesk.audit import models as audit
from helpdesk.billing import models as billing
from helpdesk.collections import models as collections
from helpdesk.db import Base
from helpdesk.escalations import models as escalations
from helpdesk.kb import models as kb
from helpdesk.notifications import models as notifications
from helpdesk.search import models as search
from helpdesk.tickets import models as tickets
from helpdesk.workcalendar import models as workcalendar

__all__ = [
    "Base",
    "accounts",
    "addresses",
    "audit",
    "billing",
    "collections",
    "escalations",
    "invitations",
    "jobs",
    "kb",
    "notifications",
    "oidc",
    "recovery",
    "search",
    "second_factor",
    "sessions",
    "tickets",
    "workcalendar",
]
