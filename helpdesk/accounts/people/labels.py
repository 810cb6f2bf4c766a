"""What each permission and each role means, in words."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from helpdesk.accounts.labels import ROLE
from helpdesk.accounts.models import User
from helpdesk.accounts.people.rules import grantable
from helpdesk.permissions import Permission, Role

PERMISSION: Final[dict[Permission, LazyString]] = {
    Permission.ACCOUNT_OWN: _l("Look after one's own account"),
    Permission.PORTAL_USE: _l("Use the portal: subscriptions, articles"),
    Permission.TICKETS_OPEN: _l("Open tickets and read one's own"),
    Permission.INVOICES_SEE: _l("See the organisation's invoices and all its tickets"),
    Permission.NOTICES_SEE: _l("See the organisation's notices"),
    Permission.POLICY_ACCEPT: _l("Accept the collections policy for the organisation"),
    Permission.ORGANISATION_PEOPLE: _l("Invite and deactivate people of the own organisation, change their roles"),
    Permission.GUESTS_INVITE: _l("Invite people from outside to a ticket of the own organisation"),
    Permission.TICKETS_WORK: _l("Answer tickets of all customers"),
    Permission.ESCALATIONS_WORK: _l("Prepare and follow cases for 21Vianet"),
    Permission.ESCALATIONS_APPROVE: _l("Approve cases for 21Vianet"),
    Permission.CUSTOMERS_SEE: _l("See all customers, their invoices and subscriptions"),
    Permission.CUSTOMER_PEOPLE: _l("Invite members to customers and deactivate people"),
    Permission.CUSTOMER_ROLES: _l("Invite billing contacts to customers and change roles"),
    Permission.PAYMENTS_BOOK: _l("Book payments"),
    Permission.BILLING_MANAGE: _l("Import charges, set prices, issue invoices"),
    Permission.COLLECTIONS_WORK: _l("Follow overdue customers and ask for suspensions"),
    Permission.COLLECTIONS_APPROVE: _l("Approve suspensions, change the collections policy"),
    Permission.KB_EDIT: _l("Write articles"),
    Permission.KB_PUBLISH: _l("Publish articles"),
    Permission.MAIL_SEE: _l("See which mails were sent"),
    Permission.DESK_MANAGE: _l("Set up how the desk works"),
    Permission.ADMINISTER: _l("Administer the installation and all accounts"),
}

ROLE_HINT: Final[dict[Role, LazyString]] = {
    Role.CUSTOMER_MEMBER: _l("Opens tickets, reads articles, subscriptions and notices."),
    Role.BILLING_CONTACT: _l("Also sees invoices, gets the notices, accepts the policy and invites colleagues."),
    Role.AGENT: _l("Answers tickets and looks after customers."),
    Role.LEAD: _l("Also approves suspensions and cases for 21Vianet, manages billing, and names billing contacts."),
    Role.KB_EDITOR: _l("Writes and publishes articles."),
    Role.ADMINISTRATOR: _l("Also sets the house up and looks after all accounts."),
}


def role_choices(actor: User, *, customer_id: int | None) -> list[SelectChoice]:
    """The roles that `actor` may give to people of that customer, or of the partner (None), explained."""
    allowed = grantable(actor, customer_id=customer_id)
    return [SelectChoice(role.value, f"{ROLE[role]} – {ROLE_HINT[role]}") for role in Role if role in allowed]
