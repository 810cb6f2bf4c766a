"""The pages of billing: the customer's own, and the same for the partner's people."""

from helpdesk.billing.views import downloads, invoices, subscriptions
from helpdesk.billing.views.shared import bp

__all__ = ["bp", "downloads", "invoices", "subscriptions"]
