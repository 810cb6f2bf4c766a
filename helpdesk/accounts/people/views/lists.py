"""Who is there: lists of people, with what waits, and the table of roles."""

from __future__ import annotations

from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.invitations.queries import pending
from helpdesk.accounts.invitations.rules import is_acceptable
from helpdesk.accounts.labels import ROLE
from helpdesk.accounts.models import Customer
from helpdesk.accounts.people.labels import PERMISSION, ROLE_HINT
from helpdesk.accounts.people.queries import PeopleFilter, everyone_of, managed_customer, people_page
from helpdesk.accounts.people.views.blueprint import bp
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.permissions import GRANTS, STAFF_ROLES, Permission, Role
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import LOCALES

STATES: Final[dict[str, LazyString]] = {"active": _l("May sign in"), "disabled": _l("Deactivated")}
_TEXT_MAX: Final = 100
_EMAIL_MAX: Final = 254


@bp.get("/organisation/people")
@requires(Permission.ORGANISATION_PEOPLE)
def organisation() -> ResponseReturnValue:
    """List the people of one's own organisation."""
    own = found(signed_in_user().customer)
    return _of_customer("accounts/people/organisation.html", own, invite_url=url_for("invitations.to_organisation"))


@bp.get("/work/customers/<public_id>/people")
@requires(Permission.CUSTOMER_PEOPLE)
def customer(public_id: str) -> ResponseReturnValue:
    """List the people of a customer."""
    theirs = found(managed_customer(db.session, signed_in_user(), public_id))
    invite_url = url_for("invitations.to_customer", public_id=public_id)
    return _of_customer("accounts/people/customer.html", theirs, invite_url=invite_url)


def _of_customer(template: str, customer: Customer, *, invite_url: str) -> ResponseReturnValue:
    actor, now = signed_in_user(), utc_now()
    return render_template(
        template,
        customer=customer,
        actor=actor,
        people=everyone_of(db.session, customer.id),
        waiting=[(each, is_acceptable(each, now=now)) for each in pending(db.session, actor, customer_id=customer.id)],
        roles=ROLE,
        languages=LOCALES,
        invite_url=invite_url,
    )


@bp.get("/work/administration/people")
@requires(Permission.ADMINISTER)
def everyone() -> ResponseReturnValue:
    """Find anybody, of the partner or of a customer."""
    actor, now = signed_in_user(), utc_now()
    wanted = _wanted()
    after = _plain(request.args.get("after", ""))[:_EMAIL_MAX]
    page = people_page(db.session, actor, wanted, after=after)
    role = request.args.get("role", "")
    return render_template(
        "accounts/people/everyone.html",
        actor=actor,
        page=page,
        wanted=wanted,
        chosen_role=role,
        more_url=url_for(".everyone", q=wanted.text, role=role, state=wanted.state, after=page.next_key)
        if page.next_key
        else "",
        waiting=[(each, is_acceptable(each, now=now)) for each in pending(db.session, actor, customer_id=None)],
        roles=ROLE,
        states=STATES,
        languages=LOCALES,
        invite_url=url_for("invitations.to_staff"),
    )


def _plain(text: str) -> str:
    """Words on one line, without the zero character, which PostgreSQL does not take."""
    return " ".join(text.replace("\0", " ").split())


def _wanted() -> PeopleFilter:
    role, state = request.args.get("role", ""), request.args.get("state", "")
    roles = STAFF_ROLES if role == "staff" else frozenset({Role(role)} if role in set(Role) else ())
    return PeopleFilter(
        text=_plain(request.args.get("q", ""))[:_TEXT_MAX],
        roles=roles,
        state=state if state in STATES else "",
    )


@bp.get("/work/administration/roles")
@requires(Permission.ADMINISTER)
def roles() -> ResponseReturnValue:
    """Show which role may do what: the very table that the code asks."""
    return render_template(
        "accounts/people/roles.html", roles=ROLE, hints=ROLE_HINT, permissions=PERMISSION, grants=GRANTS
    )
