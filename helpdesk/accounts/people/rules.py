"""Who may look after whom, and give which role; pure."""

from __future__ import annotations

from typing import Final, Protocol

from helpdesk.errors import DomainError
from helpdesk.permissions import CUSTOMER_ROLES, STAFF_ROLES, Permission, Role, may

REASON_MAX: Final = 500


class MayNotManage(DomainError):
    """You may not look after the accounts of these people."""


class RoleNotYours(DomainError):
    """You may not give the role that you chose to this person."""


class RoleUnchanged(DomainError):
    """%(name)s has that role already."""


class OwnAccount(DomainError):
    """You cannot change your own role or deactivate your own account. Ask somebody else who may."""


class AlreadyEnabled(DomainError):
    """The account %(email)s is not deactivated."""


class LastBillingContact(DomainError):
    """Nobody but %(name)s gets the notices of %(customer)s. Name another billing contact first."""


class LastContactUnexplained(DomainError):
    """Nobody but %(name)s gets the notices of %(customer)s. Write down why it is done all the same."""


class Actor(Protocol):
    """What the rules ask of the person who acts."""

    @property
    def role(self) -> Role:
        """Their role."""

    @property
    def customer_id(self) -> int | None:
        """Their organisation."""


def check_may_manage(actor: Actor, *, customer_id: int | None) -> None:
    """Refuse to let `actor` look after people of that customer, or of the partner (None). Raises `MayNotManage`."""
    if customer_id is None:
        allowed = may(actor.role, Permission.ADMINISTER)
    else:
        own = may(actor.role, Permission.ORGANISATION_PEOPLE) and actor.customer_id == customer_id
        allowed = own or may(actor.role, Permission.CUSTOMER_PEOPLE)
    if not allowed:
        raise MayNotManage


def grantable(actor: Actor, *, customer_id: int | None) -> frozenset[Role]:
    """The roles that `actor` may give to people of that customer, or of the partner (None)."""
    try:
        check_may_manage(actor, customer_id=customer_id)
    except MayNotManage:
        return frozenset()
    if customer_id is None:
        return STAFF_ROLES
    if actor.role.is_staff and not may(actor.role, Permission.CUSTOMER_ROLES):
        return frozenset({Role.CUSTOMER_MEMBER})
    return CUSTOMER_ROLES


def check_grant(actor: Actor, role: Role, *, customer_id: int | None) -> None:
    """Refuse a role that is not the actor's to give. Raises `MayNotManage`, `RoleNotYours`."""
    check_may_manage(actor, customer_id=customer_id)
    if role not in grantable(actor, customer_id=customer_id):
        raise RoleNotYours


def check_last_contact(actor: Actor, *, others: int, reason: str, name: str, customer: str) -> None:
    """Refuse to take an organisation's last billing contact away; the partner's people may, with a reason in words.

    Raises `LastBillingContact`, `LastContactUnexplained`.
    """
    if others:
        return
    if not actor.role.is_staff:
        raise LastBillingContact(name=name, customer=customer)
    if not reason.strip():
        raise LastContactUnexplained(name=name, customer=customer)
