"""The closed sets of a case with 21Vianet."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class EscalationReason(StrEnum):
    """What the partner lacks, in 21Vianet's own three words. Source: domain, Escalating."""

    TRAINING = "training"
    DOCUMENTATION = "documentation"
    SUPPORT_TOOLS = "support_tools"


class EscalationState(StrEnum):
    """Where a case stands; the transition table is in `escalations.rules`."""

    AWAITING_APPROVAL = "awaiting_approval"
    PREPARED = "prepared"
    FILED = "filed"
    INFORMATION_REQUESTED = "information_requested"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Severity(StrEnum):
    """How badly the customer's business suffers, in the words of Partner Center's own form."""

    CRITICAL = "critical"
    MODERATE = "moderate"
    MINIMAL = "minimal"


class Outcome(StrEnum):
    """What became of a case in the end."""

    GRANTED = "granted"
    EXPLAINED = "explained"
    DECLINED = "declined"
    INAPPROPRIATE = "inappropriate"
    WITHDRAWN = "withdrawn"


class ApprovalCause(StrEnum):
    """Why a lead looks at a case before it is handed over."""

    AMOUNT = "amount"
    NEW_AGENT = "new_agent"


class CreditWatch(StrEnum):
    """Whether a granted credit came with a later reconciliation file: expected -> arrived | missing."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    MISSING = "missing"


class Channel(StrEnum):
    """How a contact with 21Vianet took place."""

    PORTAL = "portal"
    CALL = "call"
    MAIL = "mail"


class Direction(StrEnum):
    """Who spoke."""

    FROM_US = "from_us"
    FROM_21VIANET = "from_21vianet"


class ContactEffect(StrEnum):
    """What a contact changes: nothing, the turn comes to us, or it goes back to 21Vianet."""

    NONE = "none"
    INFORMATION_REQUESTED = "information_requested"
    INFORMATION_GIVEN = "information_given"


ENDED: Final = frozenset({EscalationState.CLOSED, EscalationState.WITHDRAWN})
"""A case in one of these no longer counts as the ticket's open one."""
AT_21VIANET: Final = frozenset({EscalationState.FILED, EscalationState.INFORMATION_REQUESTED})
"""A case in one of these has a request number and waits for an answer."""
NOT_HANDED_OVER: Final = frozenset({EscalationState.AWAITING_APPROVAL, EscalationState.PREPARED})
"""A case in one of these exists on our side alone."""
