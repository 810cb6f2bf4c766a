"""Why a row of the partner's invoice file is refused."""

from __future__ import annotations

from helpdesk.billing.reconciliation.errors import BadValue
from helpdesk.errors import DomainError


class CustomerUnknown(BadValue):
    """no customer has the domain or the tenant id “%(text)s”"""


class SubscriptionOfNobody(BadValue):
    """this customer has no subscription “%(text)s”"""


class RowsDisagree(BadValue):
    """the rows of invoice %(number)s disagree about this"""


class NumberTaken(BadValue):
    """there is an invoice %(number)s already, and it says something else"""


class DueTooEarly(BadValue):
    """the invoice is due before it is issued"""


class InvoiceHasBadRows(BadValue):
    """another row of invoice %(number)s is bad, so the whole invoice stays out"""


class TooManyInvoiceRows(DomainError):
    """An invoice file has at most %(limit)s rows. Split it."""
