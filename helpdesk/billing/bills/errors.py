"""Why a row of the partner's invoice file is refused."""

from __future__ import annotations

from helpdesk.billing.reconciliation.errors import BadValue
from helpdesk.errors import DomainError


class CustomerUnknown(BadValue):
    """No customer has the domain or the tenant id “%(text)s”."""


class SubscriptionOfNobody(BadValue):
    """This customer has no subscription “%(text)s”."""


class RowsDisagree(BadValue):
    """The rows of invoice %(number)s disagree about this."""


class NumberTaken(BadValue):
    """There is an invoice %(number)s already, and it says something else."""


class DueTooEarly(BadValue):
    """The invoice is due before it is issued."""


class InvoiceHasBadRows(BadValue):
    """Another row of invoice %(number)s is bad, so the whole invoice stays out."""


class TooManyInvoiceRows(DomainError):
    """An invoice file has at most %(limit)s rows. Split it."""
