"""The policy: stages as a picture, terms as text, versions, what changed, and accepting it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user, signed_in_user_or_none
from helpdesk.accounts.models import User
from helpdesk.clock import utc_now
from helpdesk.collections.models import CollectionsPolicy, PolicyAcceptance
from helpdesk.collections.queries import acceptance_of, policies, policy_in_force, policy_version
from helpdesk.collections.rules.changes import Change, changes_between
from helpdesk.collections.rules.policies import PolicyNotNewest
from helpdesk.collections.services import accept_policy
from helpdesk.collections.views.picture import policy_marks
from helpdesk.collections.views.shared import bp, page
from helpdesk.collections.views.terms import terms_in
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, public, requires
from helpdesk.web.locale import current_locale

_LARGEST = 2**31 - 1


@bp.get("/policy")
@public
def policy() -> ResponseReturnValue:
    """Show the version in force; before the first takes effect, say so."""
    current = policy_in_force(db.session, today())
    return page("collections/no_policy.html") if current is None else _shown(current, in_force=current)


@bp.get("/policy/<int:version>", endpoint="policy_version")
@public
def one_version(version: int) -> ResponseReturnValue:
    """Show one version: in force, earlier or announced."""
    return _shown(_version(version), in_force=policy_in_force(db.session, today()))


@bp.post("/policy/<int:version>/accept")
@requires(Permission.POLICY_ACCEPT)
def accept(version: int) -> ResponseReturnValue:
    """Accept a version for one's organisation."""
    chosen = _version(version)
    try:
        accept_policy(db.session, chosen, by=signed_in_user(), locale=current_locale(), now=utc_now())
    except PolicyNotNewest as refusal:
        flash(sentence_of(refusal), "warning")
        return redirect(url_for(".policy"))
    db.session.commit()
    flash(_("You accepted version %(version)d for your organisation.", version=version), "success")
    return redirect(url_for(".policy_version", version=version))


def _version(number: int) -> CollectionsPolicy:
    return found(policy_version(db.session, number) if number <= _LARGEST else None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader's organisation stands to the version that is shown."""

    accepted: PolicyAcceptance | None = None
    """The newest version that it accepted."""
    compared_with: int = 0
    changes: tuple[Change, ...] = ()
    can_accept: bool = False
    is_asked: bool = False
    """Whether the version shown is the newest and not accepted yet."""


def _shown(current: CollectionsPolicy, *, in_force: CollectionsPolicy | None) -> ResponseReturnValue:
    versions, person = policies(db.session), signed_in_user_or_none()
    return page(
        "collections/policy.html",
        policy=current,
        in_force=in_force,
        newest=versions[0],
        versions=versions,
        terms=terms_in(current, current_locale()),
        marks=policy_marks(current, for_staff=person is not None and person.role.is_staff),
        standing=_standing(person, current, newest=versions[0].version),
    )


def _standing(person: User | None, current: CollectionsPolicy, *, newest: int) -> Standing:
    if person is None or person.customer_id is None:
        return _compared(current, _before(current))
    accepted = acceptance_of(db.session, person.customer_id)
    known = accepted.policy.version if accepted else 0
    is_asked = current.version == newest and known < newest
    base = accepted.policy if accepted and known < current.version else _before(current)
    compared = _compared(current, base)
    return Standing(
        accepted=accepted,
        compared_with=compared.compared_with,
        changes=compared.changes,
        can_accept=is_asked and person.may(Permission.POLICY_ACCEPT),
        is_asked=is_asked,
    )


def _before(current: CollectionsPolicy) -> CollectionsPolicy | None:
    """The version before the one that is shown."""
    return policy_version(db.session, current.version - 1)


def _compared(current: CollectionsPolicy, base: CollectionsPolicy | None) -> Standing:
    if base is None:
        return Standing()
    locale = current_locale()
    old, new = base.text_in(locale), current.text_in(locale)
    if old.locale != new.locale:
        return Standing()
    return Standing(compared_with=base.version, changes=tuple(changes_between(old.body, new.body)))
