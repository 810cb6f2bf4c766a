"""The pages of collections: notices and the policy; importing them fills the blueprint."""

from helpdesk.collections.views import notices, policy
from helpdesk.collections.views.shared import bp

__all__ = ["bp", "notices", "policy"]
