"""Every table, imported once, so that the metadata is whole."""

from helpdesk.accounts import models as accounts
from helpdesk.audit import models as audit
from helpdesk.billing import models as billing
from helpdesk.collections import models as collections
from helpdesk.db import Base
from helpdesk.escalations import models as escalations
from helpdesk.kb import models as kb
from helpdesk.notifications import models as notifications
from helpdesk.tickets import models as tickets

__all__ = ["Base", "accounts", "audit", "billing", "collections", "escalations", "kb", "notifications", "tickets"]
