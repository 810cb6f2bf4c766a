"""Publishing a version of the policy, and accepting it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.collections.models import CollectionsPolicy, PolicyAcceptance, PolicyStage, PolicyText, StageKind
from helpdesk.collections.rules import policies as rules
from helpdesk.limits import DATA_RETENTION_DAYS
from helpdesk.money import Money
from helpdesk.permissions import Permission

_TEXTS: Final = Path(__file__).resolve().parents[1] / "texts"


@cache
def default_texts() -> Mapping[str, str]:
    """The policy text that the product offers, by language, with variables for the numbers."""
    return {locale: (_TEXTS / f"{locale}.md").read_text("utf-8") for locale in rules.LOCALES}


def publish_policy(  # noqa: PLR0913 - the whole of a policy
    session: Session,
    *,
    effective_from: date,
    now: datetime,
    by: User | None = None,
    days: Mapping[StageKind, int] | None = None,
    texts: Mapping[str, str] | None = None,
    minimum: Money | None = None,
    partner_name: str = "",
) -> CollectionsPolicy:
    """Publish the next version: stages at days after the due date, and the terms in three languages.

    By default the days of `rules.policies.DEFAULT_DAYS` and the texts of `default_texts()`. Numbers stand in the
    texts as variables (`{{ policy.suspension_day }}`, `{{ policy.minimum }}`, `{{ limits.data_retention_days }}`,
    `{{ partner.name }}`) and are filled in now: a published version never changes. Raises `StagesUnordered`,
    `FinalNoticeTooShort`, `TextMissing`, `ClauseMissing`, `VariableUnknown`.
    """
    offsets = rules.with_deletion(days or rules.DEFAULT_DAYS)
    minimum = minimum or Money.zero()
    values = _values(offsets, minimum, partner_name)
    given = texts or default_texts()
    bodies = {locale: rules.filled(text, values, locale=locale) for locale, text in given.items()}
    rules.check_texts(bodies)
    policy = CollectionsPolicy(
        version=_next_version(session),
        effective_from=effective_from,
        published_at=now,
        published_by_id=by.id if by else None,
        minimum_minor=minimum.minor,
        currency=minimum.currency,
        stages=[PolicyStage(kind=kind, day_offset=day, clause=rules.CLAUSES[kind]) for kind, day in offsets.items()],
        texts=[PolicyText(locale=locale, body=body, sha256=rules.digest(body)) for locale, body in bodies.items()],
    )
    session.add(policy)
    session.flush()
    _note(session, "policy.published", policy, by=by, now=now, after={"effective_from": effective_from.isoformat()})
    return policy


def _values(offsets: Mapping[StageKind, int], minimum: Money, partner_name: str) -> dict[str, str]:
    days = {f"policy.{kind.value}_day": str(day) for kind, day in offsets.items()}
    return days | {
        "policy.minimum": f"{minimum.major} {minimum.currency}",
        "policy.final_wait_days": str(offsets[StageKind.SUSPENSION] - offsets[StageKind.FINAL_NOTICE]),
        "limits.data_retention_days": str(DATA_RETENTION_DAYS),
        "partner.name": partner_name or "Lanhe Cloud",
    }


def _next_version(session: Session) -> int:
    return (session.scalars(select(func.max(CollectionsPolicy.version))).one() or 0) + 1


def accept_policy(
    session: Session, policy: CollectionsPolicy, *, by: User, locale: str, now: datetime
) -> PolicyAcceptance:
    """Accept the newest version for one's organisation, in the language that was read; again changes nothing.

    Raises `NotYoursToAccept`, `AcceptanceNotLatest`.
    """
    if by.customer_id is None or not by.may(Permission.POLICY_ACCEPT):
        raise rules.NotYoursToAccept
    if policy.version != _next_version(session) - 1:
        raise rules.AcceptanceNotLatest
    known = _acceptance(session, policy, by.customer_id)
    if known is not None:
        return known
    return _accepted_once(session, policy, by=by, locale=locale, now=now)


def _acceptance(session: Session, policy: CollectionsPolicy, customer_id: int) -> PolicyAcceptance | None:
    statement = select(PolicyAcceptance).where(
        PolicyAcceptance.policy_id == policy.id, PolicyAcceptance.customer_id == customer_id
    )
    return session.scalars(statement).one_or_none()


def _accepted_once(
    session: Session, policy: CollectionsPolicy, *, by: User, locale: str, now: datetime
) -> PolicyAcceptance:
    """Write the acceptance, unless a colleague did at the same moment."""
    text = policy.text_in(locale)
    acceptance = PolicyAcceptance(
        policy_id=policy.id,
        customer_id=by.customer_id or 0,
        user_id=by.id,
        locale=text.locale,
        sha256=text.sha256,
        at=now,
    )
    try:
        with session.begin_nested():
            session.add(acceptance)
    except IntegrityError:
        known = _acceptance(session, policy, by.customer_id or 0)
        if known is None:
            raise
        return known
    after = {"customer": by.customer_id, "locale": text.locale, "sha256": text.sha256}
    _note(session, "policy.accepted", policy, by=by, now=now, after=after)
    return acceptance


def _note(
    session: Session,
    action: str,
    policy: CollectionsPolicy,
    *,
    by: User | None,
    now: datetime,
    after: dict[str, object],
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
