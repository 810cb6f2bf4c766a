"""Cases handed to 21Vianet: the gate's answers, packets, the request number, the contact log."""

from helpdesk.escalations.models.cases import Escalation
from helpdesk.escalations.models.sets import (
    AT_21VIANET,
    ENDED,
    NOT_HANDED_OVER,
    ApprovalCause,
    Channel,
    ContactEffect,
    CreditWatch,
    Direction,
    EscalationReason,
    EscalationState,
    Outcome,
    Severity,
)
from helpdesk.escalations.models.thread import (
    ContactFile,
    ContactLogEntry,
    EscalationPacket,
    EscalationStep,
)

__all__ = [
    "AT_21VIANET",
    "ENDED",
    "NOT_HANDED_OVER",
    "ApprovalCause",
    "Channel",
    "ContactEffect",
    "ContactFile",
    "ContactLogEntry",
    "CreditWatch",
    "Direction",
    "Escalation",
    "EscalationPacket",
    "EscalationReason",
    "EscalationState",
    "EscalationStep",
    "Outcome",
    "Severity",
]
