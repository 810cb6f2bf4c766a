"""When an invitation may be sent, sent again and accepted; pure."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.people.rules import grantable
from helpdesk.errors import DomainError
from helpdesk.limits import INVITATIONS_PER_HOUR, RESEND_AFTER


class AlreadyHere(DomainError):
    """%(email)s is among these people or invitations already."""


class TooManyInvitations(DomainError):
    """You may send at most %(count)s invitations in an hour. Go on a little later."""


class SentJustNow(DomainError):
    """That invitation went out a moment ago. It can be sent again in %(minutes)s minutes."""


class InvitationOver(DomainError):
    """That invitation was accepted or withdrawn meanwhile. Load the page again to see."""


def is_acceptable(invitation: Invitation, *, now: datetime) -> bool:
    """Whether the link still opens: in time, and sent by somebody who may still give that role."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None or invitation.expires_at <= now:
        return False
    inviter = invitation.invited_by
    return inviter.is_active and invitation.role in grantable(inviter, customer_id=invitation.customer_id)


def check_number(sent: int) -> None:
    """Refuse one more invitation in the hour. Raises `TooManyInvitations`."""
    if sent >= INVITATIONS_PER_HOUR:
        raise TooManyInvitations(count=INVITATIONS_PER_HOUR)


def check_resend(invitation: Invitation, *, now: datetime) -> None:
    """Refuse what is over, and a mail right after the last one. Raises `InvitationOver`, `SentJustNow`."""
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise InvitationOver
    left = invitation.sent_at + RESEND_AFTER - now
    if left.total_seconds() > 0:
        raise SentJustNow(minutes=ceil(left.total_seconds() / 60))
