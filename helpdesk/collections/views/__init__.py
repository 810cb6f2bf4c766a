"""The pages of collections; importing them fills the blueprints."""

from helpdesk.collections.views import amending, cases, desk, desk_words, drafts, notices, orders, policy, suspended
from helpdesk.collections.views.desk_shared import desk as desk_blueprint
from helpdesk.collections.views.shared import bp

blueprints = [bp, desk_blueprint]

__all__ = [
    "amending",
    "blueprints",
    "bp",
    "cases",
    "desk",
    "desk_words",
    "drafts",
    "notices",
    "orders",
    "policy",
    "suspended",
]
