"""The partner's billing desk."""

from helpdesk.billing.views.desk import bills, home, imports, making, payable, payments, prices, proofs, reconcile
from helpdesk.billing.views.desk.shared import bp

__all__ = ["bills", "bp", "home", "imports", "making", "payable", "payments", "prices", "proofs", "reconcile"]
