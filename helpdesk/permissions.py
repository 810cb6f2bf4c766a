"""Which role may do what: the whole answer, on one page."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is in this house."""

    CUSTOMER_MEMBER = "customer_member"
    BILLING_CONTACT = "billing_contact"
    AGENT = "agent"
    LEAD = "lead"
    KB_EDITOR = "kb_editor"
    ADMINISTRATOR = "administrator"

    @property
    def is_customer(self) -> bool:
        """Whether the person belongs to a customer, not to the partner."""
        return self in CUSTOMER_ROLES

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the partner."""
        return not self.is_customer


class Permission(StrEnum):
    """One thing that a person may be allowed to do."""

    ACCOUNT_OWN = "account_own"
    PORTAL_USE = "portal_use"
    TICKETS_OPEN = "tickets_open"
    INVOICES_SEE = "invoices_see"
    NOTICES_SEE = "notices_see"
    POLICY_ACCEPT = "policy_accept"
    TICKETS_WORK = "tickets_work"
    DESK_MANAGE = "desk_manage"
    ESCALATIONS_WORK = "escalations_work"
    ESCALATIONS_APPROVE = "escalations_approve"
    CUSTOMERS_SEE = "customers_see"
    PAYMENTS_BOOK = "payments_book"
    BILLING_MANAGE = "billing_manage"
    COLLECTIONS_WORK = "collections_work"
    COLLECTIONS_APPROVE = "collections_approve"
    KB_EDIT = "kb_edit"
    KB_PUBLISH = "kb_publish"
    MAIL_SEE = "mail_see"
    ORGANISATION_PEOPLE = "organisation_people"
    GUESTS_INVITE = "guests_invite"
    CUSTOMER_PEOPLE = "customer_people"
    CUSTOMER_ROLES = "customer_roles"
    ADMINISTER = "administer"


CUSTOMER_ROLES: Final = frozenset({Role.CUSTOMER_MEMBER, Role.BILLING_CONTACT})
STAFF_ROLES: Final = frozenset(Role) - CUSTOMER_ROLES

_P = Permission
_MEMBER = frozenset({_P.ACCOUNT_OWN, _P.PORTAL_USE, _P.TICKETS_OPEN, _P.NOTICES_SEE})
_AGENT = frozenset(
    {
        _P.ACCOUNT_OWN,
        _P.TICKETS_WORK,
        _P.ESCALATIONS_WORK,
        _P.CUSTOMERS_SEE,
        _P.PAYMENTS_BOOK,
        _P.COLLECTIONS_WORK,
        _P.MAIL_SEE,
        _P.CUSTOMER_PEOPLE,
    }
)
_LEAD = _AGENT | {
    _P.DESK_MANAGE,
    _P.ESCALATIONS_APPROVE,
    _P.BILLING_MANAGE,
    _P.COLLECTIONS_APPROVE,
    _P.CUSTOMER_ROLES,
}
_EDITOR = frozenset({_P.ACCOUNT_OWN, _P.KB_EDIT, _P.KB_PUBLISH})

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.CUSTOMER_MEMBER: _MEMBER,
    Role.BILLING_CONTACT: _MEMBER | {_P.INVOICES_SEE, _P.POLICY_ACCEPT, _P.ORGANISATION_PEOPLE, _P.GUESTS_INVITE},
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD | {_P.KB_EDIT},
    Role.KB_EDITOR: _EDITOR,
    Role.ADMINISTRATOR: _LEAD | _EDITOR | {_P.ADMINISTER},
}


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` is granted `permission`; anything not granted is refused."""
    return permission in GRANTS[role]
