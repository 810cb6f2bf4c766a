"""The collections policy, notices, suspension cases, and what people decide beside them."""

from helpdesk.collections.models.cases import OPEN_CASE, CaseState, SuspensionCase, SuspensionReason
from helpdesk.collections.models.notices import (
    Approval,
    CollectionsPolicy,
    NoticeInvoice,
    NoticeState,
    PolicyAcceptance,
    PolicyStage,
    PolicyText,
    StageKind,
    SuspensionNotice,
    Withdrawal,
)
from helpdesk.collections.models.orders import OrderGoal, OrderState, PartnerCenterOrder
from helpdesk.collections.models.steering import (
    CollectionsHold,
    NoticeView,
    PaymentPromise,
    PolicyDraft,
    PolicyException,
)

__all__ = [
    "OPEN_CASE",
    "Approval",
    "CaseState",
    "CollectionsHold",
    "CollectionsPolicy",
    "NoticeInvoice",
    "NoticeState",
    "NoticeView",
    "OrderGoal",
    "OrderState",
    "PartnerCenterOrder",
    "PaymentPromise",
    "PolicyAcceptance",
    "PolicyDraft",
    "PolicyException",
    "PolicyStage",
    "PolicyText",
    "StageKind",
    "SuspensionCase",
    "SuspensionNotice",
    "SuspensionReason",
    "Withdrawal",
]
