"""Who approves each stage of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from helpdesk.collections.models import Approval, StageKind
from helpdesk.errors import DomainError
from helpdesk.permissions import Permission, Role, may

Approvals = Mapping[StageKind, Approval]

DEFAULT_APPROVALS: Final[dict[StageKind, Approval]] = {
    StageKind.REMINDER: Approval.ENGINE,
    StageKind.SECOND_REMINDER: Approval.ENGINE,
    StageKind.FINAL_NOTICE: Approval.ENGINE,
    StageKind.SUSPENSION: Approval.LEAD,
}
"""What is offered: notices keep their day by themselves; a person decides about access."""
FOR_SUSPENSION: Final = (Approval.LEAD, Approval.ADMINISTRATOR)
"""A suspension needs a person who answers for it, with a fresh sign-in. Source: domain, duty 4, and our choice."""
_NEEDS: Final[dict[Approval, Permission]] = {
    Approval.AGENT: Permission.COLLECTIONS_WORK,
    Approval.LEAD: Permission.COLLECTIONS_APPROVE,
    Approval.ADMINISTRATOR: Permission.ADMINISTER,
}


class SuspensionUnapproved(DomainError):
    """A suspension is approved by a lead or an administrator, never by less."""


class ApprovalForbidden(DomainError):
    """Data is deleted by 21Vianet; nobody here approves that."""


class NotYoursToApprove(DomainError):
    """By the policy somebody else approves this."""


def whole_approvals(chosen: Approvals) -> dict[StageKind, Approval]:
    """What was chosen, and the default of every other stage. Raises what `check_approvals` raises."""
    check_approvals(chosen)
    return {**DEFAULT_APPROVALS, **chosen}


def check_approvals(approvals: Approvals) -> None:
    """Refuse a suspension below a lead, and an approval of the deletion.

    Raises `SuspensionUnapproved`, `ApprovalForbidden`.
    """
    if approvals.get(StageKind.SUSPENSION, Approval.LEAD) not in FOR_SUSPENSION:
        raise SuspensionUnapproved
    if approvals.get(StageKind.DELETION, Approval.ENGINE) is not Approval.ENGINE:
        raise ApprovalForbidden


def may_approve(role: Role, approval: Approval) -> bool:
    """Whether somebody in this role gives the approval that a stage needs."""
    return approval is not Approval.ENGINE and may(role, _NEEDS[approval])


def check_approver(role: Role, approval: Approval) -> None:
    """Refuse who may not approve. Raises `NotYoursToApprove`."""
    if not may_approve(role, approval):
        raise NotYoursToApprove
