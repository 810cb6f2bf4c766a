"""The use cases of collections."""

from helpdesk.collections.services.cases import (
    approve_suspension,
    ask_reactivation,
    confirm_reactivation,
    confirm_suspension,
    drop_case,
    propose_suspension,
)
from helpdesk.collections.services.dunning import run_dunning
from helpdesk.collections.services.ending import settle, settle_paid, withdraw
from helpdesk.collections.services.notices import acknowledge, issue_notice
from helpdesk.collections.services.policies import accept_policy, publish_policy, shipped_terms, terms_of
from helpdesk.collections.services.suspensions import reactivate_subscription, suspend_subscription

__all__ = [
    "accept_policy",
    "acknowledge",
    "approve_suspension",
    "ask_reactivation",
    "confirm_reactivation",
    "confirm_suspension",
    "drop_case",
    "issue_notice",
    "propose_suspension",
    "publish_policy",
    "reactivate_subscription",
    "run_dunning",
    "settle",
    "settle_paid",
    "shipped_terms",
    "suspend_subscription",
    "terms_of",
    "withdraw",
]
