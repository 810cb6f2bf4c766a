"""What the collections pages and the other slices ask."""

from helpdesk.collections.queries.heard import delivered_at, issued_from
from helpdesk.collections.queries.notices import (
    NOTICE,
    NoticeAmounts,
    amounts_for,
    amounts_of,
    chain_of,
    earlier_notices,
    notice_visible,
    notices_page,
    notices_visible_to,
)
from helpdesk.collections.queries.policies import (
    acceptance_of,
    policies,
    policy_in_force,
    policy_version,
    stage_variables,
)
from helpdesk.collections.queries.standings import Standing, standings
from helpdesk.collections.queries.urgent import Urgency, urgent_notices_of

__all__ = [
    "NOTICE",
    "NoticeAmounts",
    "Standing",
    "Urgency",
    "acceptance_of",
    "amounts_for",
    "amounts_of",
    "chain_of",
    "delivered_at",
    "earlier_notices",
    "issued_from",
    "notice_visible",
    "notices_page",
    "notices_visible_to",
    "policies",
    "policy_in_force",
    "policy_version",
    "stage_variables",
    "standings",
    "urgent_notices_of",
]
