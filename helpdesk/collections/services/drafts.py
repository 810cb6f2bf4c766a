"""Writing the next version of the policy, and publishing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import Approval, CollectionsPolicy, PolicyDraft, StageKind
from helpdesk.collections.queries.simulation import the_draft
from helpdesk.collections.rules import policies as rules
from helpdesk.collections.rules.approvals import Approvals
from helpdesk.collections.rules.proof import check_warned
from helpdesk.collections.rules.steering import check_ahead
from helpdesk.collections.services.policies import publish_policy
from helpdesk.db import locked
from helpdesk.money import Money
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role

_THE_ONE: Final = 1
"""There is at most one draft, so two who begin one at the same moment meet here."""


def save_draft(
    session: Session,
    *,
    effective_from: date,
    days: Mapping[StageKind, int],
    graces: Mapping[StageKind, int],
    approvals: Approvals,
    minimum: Money,
    texts: Mapping[str, str],
    base: str,
    by: User,
    now: datetime,
) -> PolicyDraft:
    """Keep the draft, whatever is still wrong with it; publishing looks at it.

    `base` is what `base_of` gave when it was opened. Raises `DraftMoved` if somebody saved it since.
    """
    known = the_draft(session)
    draft = PolicyDraft(id=_THE_ONE) if known is None else _locked(session, known)
    if known is not None and base != base_of(draft):
        raise rules.DraftMoved
    draft.effective_from = effective_from
    draft.days = {kind.value: day for kind, day in days.items()}
    draft.graces = {kind.value: day for kind, day in graces.items()}
    draft.approvals = {kind.value: approval.value for kind, approval in approvals.items()}
    draft.minimum_minor, draft.currency = minimum.minor, minimum.currency
    draft.texts = dict(texts)
    draft.saved_at, draft.saved_by_id = now, by.id
    if known is not None:
        session.flush()
        return draft
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError as error:
        raise rules.DraftMoved from error
    return draft


def base_of(draft: PolicyDraft) -> str:
    """Which state of the draft it is."""
    return draft.saved_at.isoformat()


def _locked(session: Session, draft: PolicyDraft) -> PolicyDraft:
    """The draft as it is now, if it still is; nobody else saves or publishes it meanwhile. Raises `DraftMoved`."""
    try:
        return locked(session, draft)
    except NoResultFound:
        raise rules.DraftMoved from None


def days_of(draft: PolicyDraft) -> dict[StageKind, int]:
    """The chosen days by stage."""
    return {StageKind(kind): day for kind, day in draft.days.items()}


def graces_of(draft: PolicyDraft) -> dict[StageKind, int]:
    """The chosen grace by stage."""
    return {StageKind(kind): day for kind, day in draft.graces.items()}


def approvals_of(draft: PolicyDraft) -> dict[StageKind, Approval]:
    """Who approves, by stage."""
    return {StageKind(kind): Approval(approval) for kind, approval in draft.approvals.items()}


def offsets_of(draft: PolicyDraft) -> dict[StageKind, int]:
    """The days on which the stages would really come."""
    return rules.with_grace(days_of(draft), graces_of(draft))


def publish_draft(session: Session, draft: PolicyDraft, *, by: User, now: datetime) -> CollectionsPolicy:
    """Make the draft the next version and tell every billing contact.

    Raises `DraftMoved`, `WarningMissing`, `DayNotAhead`, and the errors of `publish_policy`.
    """
    _locked(session, draft)
    check_warned(offsets_of(draft))
    check_ahead(draft.effective_from, today=day_in(by.time_zone, now))
    policy = publish_policy(
        session,
        effective_from=draft.effective_from,
        stages=rules.shipped_stages(days_of(draft)),
        texts=draft.texts,
        minimum=draft.minimum,
        graces=graces_of(draft),
        approvals=approvals_of(draft),
        by=by,
        now=now,
    )
    session.delete(draft)
    session.flush()
    _tell_everyone(session, policy, now=now)
    return policy


def _tell_everyone(session: Session, policy: CollectionsPolicy, *, now: datetime) -> None:
    statement = select(User).where(User.role == Role.BILLING_CONTACT, User.disabled_at.is_(None)).order_by(User.id)
    for contact in session.scalars(statement).all():
        if not contact.is_reachable:
            continue
        queue_mail(
            session,
            kind="policy_published",
            recipient=contact,
            subject_type="collections_policy",
            subject_id=policy.id,
            group_key=f"policy:{policy.id}",
            dedupe_key=f"policy_published:{policy.id}:{contact.id}",
            payload={
                "version": policy.version,
                "effective_from": policy.effective_from.isoformat(),
                "path": f"/policy/{policy.version}",
            },
            now=now,
        )
