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
from helpdesk.collections.rules.policies import AcceptanceNotLatest
from helpdesk.collections.services import accept_policy
from helpdesk.collections.views.picture import picture_of
from helpdesk.collections.views.shared import bp, clause_anchor, page, rendered_text
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, public, requires
from helpdesk.web.locale import current_locale


@bp.get("/policy")
@public
def policy() -> ResponseReturnValue:
    """Show the version in force; before the first is published, say so."""
    current = policy_in_force(db.session, today())
    return page("collections/no_policy.html") if current is None else _shown(current)


@bp.get("/policy/<int:version>", endpoint="policy_version")
@public
def one_version(version: int) -> ResponseReturnValue:
    """Show one version, earlier or announced."""
    return _shown(found(_version(version)))


@bp.post("/policy/<int:version>/accept")
@requires(Permission.POLICY_ACCEPT)
def accept(version: int) -> ResponseReturnValue:
    """Accept a version for one's organisation."""
    chosen = found(_version(version))
    try:
        accept_policy(db.session, chosen, by=signed_in_user(), locale=current_locale(), now=utc_now())
    except AcceptanceNotLatest as refusal:
        flash(sentence_of(refusal), "warning")
        return redirect(url_for(".policy"))
    db.session.commit()
    flash(_("You accepted version %(version)d for your organisation.", version=version), "success")
    return redirect(url_for(".policy_version", version=version))


def _version(number: int) -> CollectionsPolicy | None:
    return policy_version(db.session, number) if number < 2**31 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader's organisation stands to the version that is shown."""

    accepted: PolicyAcceptance | None
    changes: list[Change]
    can_accept: bool

    @property
    def version(self) -> int:
        """The version that was accepted last, 0 for none."""
        return self.accepted.policy.version if self.accepted else 0


def _shown(current: CollectionsPolicy) -> ResponseReturnValue:
    person = signed_in_user_or_none()
    text, rendered = rendered_text(current)
    versions = policies(db.session)
    return page(
        "collections/policy.html",
        policy=current,
        text=text,
        rendered=rendered,
        steps=picture_of(current, anchor=lambda clause: clause_anchor(rendered, clause)),
        versions=versions,
        standing=_standing(person, current, newest=versions[0].version),
    )


def _standing(person: User | None, current: CollectionsPolicy, *, newest: int) -> Standing:
    if person is None or person.customer_id is None:
        return Standing(None, [], can_accept=False)
    accepted = acceptance_of(db.session, person.customer_id)
    known = accepted.policy.version if accepted else 0
    can_accept = person.may(Permission.POLICY_ACCEPT) and current.version == newest and known < newest
    return Standing(accepted, _changes(accepted, current), can_accept=can_accept)


def _changes(accepted: PolicyAcceptance | None, current: CollectionsPolicy) -> list[Change]:
    """What is new in `current` for those who accepted an earlier version."""
    if accepted is None or accepted.policy.version >= current.version:
        return []
    locale = current_locale()
    return changes_between(accepted.policy.text_in(locale).body, current.text_in(locale).body)
