"""The pages of billing: the customer's own, the same for the partner's people, and the partner's billing desk."""

from helpdesk.billing.views import customers, downloads, invoices, lists, proof, subscriptions
from helpdesk.billing.views.desk import bp as desk_bp
from helpdesk.billing.views.shared import bp

blueprints = [bp, desk_bp, customers.bp]

__all__ = ["blueprints", "customers", "downloads", "invoices", "lists", "proof", "subscriptions"]
