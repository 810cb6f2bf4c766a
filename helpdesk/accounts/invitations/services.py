"""Inviting, inviting again, withdrawing, accepting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts import rules as account_rules
from helpdesk.accounts.addressee import Addressee
from helpdesk.accounts.invitations import rules
from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.invitations.queries import open_invitation, sent_within_hour, waiting_for
from helpdesk.accounts.links import LinkOver, digest_of
from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.people.rules import check_grant, check_may_manage
from helpdesk.accounts.queries import user_by_email
from helpdesk.accounts.services import create_user
from helpdesk.audit.services import record
from helpdesk.limits import INVITATION_LASTS
from helpdesk.notifications.private_links import new_seed, private_link
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role

PATH = "/invitation/"


def invite(
    session: Session,
    *,
    email: str,
    role: Role,
    customer: Customer | None,
    locale: str,
    by: User,
    secret: str,
    now: datetime,
) -> Invitation:
    """Ask somebody to come in, by mail; whether the address has an account elsewhere cannot be seen from the answer.

    Raises `MayNotManage`, `RoleNotYours`, `EmailMalformed`, `AlreadyHere` (only for who stands in the inviter's own
    list), `TooManyInvitations`.
    """
    customer_id = customer.id if customer else None
    check_grant(by, role, customer_id=customer_id)
    address = account_rules.clean_email(email)
    known = user_by_email(session, address)
    if (known and known.customer_id == customer_id) or waiting_for(session, address, customer_id=customer_id):
        raise rules.AlreadyHere(email=address)
    rules.check_number(sent_within_hour(session, by, now=now))
    seed = new_seed()
    invitation = Invitation(
        email=address,
        role=role,
        customer=customer,
        locale=locale,
        token_hash=digest_of(seed, secret=secret),
        invited_by=by,
        created_at=now,
        sent_at=now,
        sends=1,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    _mail(session, invitation, known, seed=seed, now=now)
    _record(session, "invitation.sent", invitation, by=by, now=now)
    session.flush()
    return invitation


def invite_again(session: Session, invitation: Invitation, *, by: User, secret: str, now: datetime) -> None:
    """Send a new link for another stretch of time; the earlier one opens nothing any more.

    Raises `MayNotManage`, `RoleNotYours`, `InvitationOver`, `SentJustNow`, `TooManyInvitations`.
    """
    check_grant(by, invitation.role, customer_id=invitation.customer_id)
    rules.check_resend(invitation, now=now)
    rules.check_number(sent_within_hour(session, by, now=now))
    seed = new_seed()
    invitation.token_hash = digest_of(seed, secret=secret)
    invitation.invited_by = by
    invitation.sent_at = now
    invitation.sends += 1
    invitation.expires_at = now + INVITATION_LASTS
    _mail(session, invitation, user_by_email(session, invitation.email), seed=seed, now=now)
    _record(session, "invitation.sent_again", invitation, by=by, now=now)
    session.flush()


def withdraw(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make the link open nothing any more. Raises `MayNotManage`, `InvitationOver`."""
    check_may_manage(by, customer_id=invitation.customer_id)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise rules.InvitationOver
    invitation.withdrawn_at = now
    _record(session, "invitation.withdrawn", invitation, by=by, now=now)
    session.flush()


def accept(
    session: Session, *, token: str, name: str, password: str, locale: str, time_zone: str, now: datetime
) -> User:
    """Make the account of an invitation, once. Raises `LinkOver`, `EmailTaken`, errors of `rules` and `passwords`."""
    invitation = open_invitation(session, token, now=now, lock=True)
    if invitation is None:
        raise LinkOver
    person = create_user(
        session,
        email=invitation.email,
        name=name,
        role=invitation.role,
        password=password,
        now=now,
        customer=invitation.customer,
        locale=locale,
        by=invitation.invited_by,
    )
    person.time_zone = account_rules.check_time_zone(time_zone)
    invitation.accepted_at = now
    invitation.user_id = person.id
    _record(session, "invitation.accepted", invitation, by=person, now=now)
    session.flush()
    return person


def _mail(session: Session, invitation: Invitation, known: User | None, *, seed: str, now: datetime) -> None:
    """Write to the address: with the link, or, where there is an account already, without one."""
    zone = invitation.customer.time_zone if invitation.customer else invitation.invited_by.time_zone
    stranger = Addressee(None, invitation.email, invitation.email, invitation.locale, zone)
    link = {"url": "/sign-in"} if known else private_link(PATH, seed)
    queue_mail(
        session,
        kind="invitation_known" if known else "invitation",
        recipient=known or stranger,
        subject_type="invitation",
        subject_id=invitation.id,
        group_key=f"invitation:{invitation.id}",
        dedupe_key=f"invitation:{invitation.id}:{invitation.sends}",
        payload={
            **link,
            "by": invitation.invited_by.name,
            "organisation": invitation.customer.name if invitation.customer else "",
            "until": invitation.expires_at.isoformat(),
        },
        now=now,
    )


def _record(session: Session, action: str, invitation: Invitation, *, by: User, now: datetime) -> None:
    after: dict[str, Any] = {
        "email": invitation.email,
        "role": invitation.role.value,
        "customer_id": invitation.customer_id,
    }
    record(
        session,
        action,
        object_type="invitation",
        object_id=invitation.id,
        actor_id=by.id,
        now=now,
        after=after,
    )
