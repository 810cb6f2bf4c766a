"""Publishing a version of the policy, and accepting it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.collections.models import (
    Approval,
    CollectionsPolicy,
    PolicyAcceptance,
    PolicyStage,
    PolicyText,
    StageKind,
)
from helpdesk.collections.rules import policies as rules
from helpdesk.collections.rules.approvals import Approvals, whole_approvals
from helpdesk.money import Money
from helpdesk.permissions import Permission


@cache
def shipped_terms() -> Mapping[str, str]:
    """The terms that the product offers, by language, with `{{ variables }}` for the numbers and the partner's name."""
    folder = files("helpdesk.collections") / "terms"
    return {locale: (folder / f"{locale}.md").read_text("utf-8") for locale in rules.LOCALES}


def terms_of(partner_name: str) -> dict[str, str]:
    """The shipped terms as those of a partner."""
    return {locale: text.replace("{{ partner.name }}", partner_name) for locale, text in shipped_terms().items()}


def publish_policy(
    session: Session,
    *,
    effective_from: date,
    stages: Mapping[StageKind, tuple[int, str]],
    texts: Mapping[str, str],
    minimum: Money,
    by: User | None,
    now: datetime,
    graces: Mapping[StageKind, int] | None = None,
    approvals: Approvals | None = None,
) -> CollectionsPolicy:
    """Publish the next version: each stage's days after the due date with its clause, and the terms by language.

    The texts may show `{{ policy.suspension_day }}` and its like (`rules.policies.numbers_of`); they are filled in
    now, because a published version never changes. `minimum` is the smallest overdue amount that starts a stage;
    `graces` are days that a stage waits beyond its day.
    `approvals` say who approves a stage, where that is not the default.
    Raises the errors of `rules.policies.check_stages` and `check_texts`, of `rules.approvals.check_approvals`,
    `GraceOutOfRange`, and `VariableUnknown`.
    """
    given = graces or {}
    rules.check_graces(given)
    approving = whole_approvals(approvals or {})
    whole = rules.whole_stages(stages)
    bodies = {
        locale: rules.filled(text, rules.numbers_of(whole, minimum, locale=locale), locale=locale)
        for locale, text in texts.items()
    }
    rules.check_texts(bodies, whole)
    policy = CollectionsPolicy(
        version=newest_version(session) + 1,
        effective_from=effective_from,
        published_at=now,
        published_by_id=by.id if by else None,
        minimum_minor=minimum.minor,
        currency=minimum.currency,
        stages=[
            PolicyStage(
                kind=kind,
                day_offset=day,
                clause=clause,
                grace_days=given.get(kind, 0),
                approval=approving.get(kind, Approval.ENGINE),
            )
            for kind, (day, clause) in whole.items()
        ],
        texts=[PolicyText(locale=locale, body=body, sha256=rules.digest(body)) for locale, body in bodies.items()],
    )
    session.add(policy)
    session.flush()
    days = {kind.value: day for kind, (day, _clause) in whole.items()}
    approvers = {kind.value: approval.value for kind, approval in approving.items()}
    after = {"effective_from": effective_from.isoformat(), "days": days, "approvals": approvers}
    _note(session, "policy.published", policy, by=by, now=now, after=after)
    return policy


def newest_version(session: Session) -> int:
    """The number of the version published last, 0 before the first."""
    return session.scalars(select(func.max(CollectionsPolicy.version))).one() or 0


def accept_policy(
    session: Session, policy: CollectionsPolicy, *, by: User, locale: str, now: datetime
) -> PolicyAcceptance:
    """Accept the newest version for one's organisation, in the language that was read; again changes nothing.

    Raises `NotYoursToAccept`, `PolicyNotNewest`.
    """
    if by.customer_id is None or not by.may(Permission.POLICY_ACCEPT):
        raise rules.NotYoursToAccept
    if policy.version != newest_version(session):
        raise rules.PolicyNotNewest
    known = _acceptance(session, policy, by.customer_id)
    return known or _accepted_once(session, policy, by.customer_id, by=by, locale=locale, now=now)


def _acceptance(session: Session, policy: CollectionsPolicy, customer_id: int) -> PolicyAcceptance | None:
    statement = select(PolicyAcceptance).where(
        PolicyAcceptance.policy_id == policy.id, PolicyAcceptance.customer_id == customer_id
    )
    return session.scalars(statement).one_or_none()


def _accepted_once(
    session: Session, policy: CollectionsPolicy, customer_id: int, *, by: User, locale: str, now: datetime
) -> PolicyAcceptance:
    """Write the acceptance, unless a colleague did at the same moment."""
    text = policy.text_in(locale)
    acceptance = PolicyAcceptance(
        policy_id=policy.id, customer_id=customer_id, user_id=by.id, locale=text.locale, sha256=text.sha256, at=now
    )
    try:
        with session.begin_nested():
            session.add(acceptance)
    except IntegrityError:
        known = _acceptance(session, policy, customer_id)
        if known is None:
            raise
        return known
    after = {"customer": customer_id, "locale": text.locale, "sha256": text.sha256}
    _note(session, "policy.accepted", policy, by=by, now=now, after=after)
    return acceptance


def _note(
    session: Session,
    action: str,
    policy: CollectionsPolicy,
    *,
    by: User | None,
    now: datetime,
    after: dict[str, Any],
) -> None:
    record(
        session,
        action,
        object_type="collections_policy",
        object_id=policy.version,
        actor_id=by.id if by else None,
        now=now,
        after=after,
    )
