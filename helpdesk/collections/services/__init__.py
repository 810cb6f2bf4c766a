"""The use cases of collections."""

from helpdesk.collections.services.ending import settle, settle_paid, withdraw
from helpdesk.collections.services.notices import acknowledge, issue_notice
from helpdesk.collections.services.policies import accept_policy, default_texts, publish_policy

__all__ = [
    "accept_policy",
    "acknowledge",
    "default_texts",
    "issue_notice",
    "publish_policy",
    "settle",
    "settle_paid",
    "withdraw",
]
