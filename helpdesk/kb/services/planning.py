"""Publishing and taking away at a time, and asking owners to read their articles again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import editors
from helpdesk.audit.services import record
from helpdesk.kb.desk_models import Plan, PlannedChange
from helpdesk.kb.models import Article, ArticleTranslation, Status
from helpdesk.kb.rules import Content, NothingToPublish, TooEarly, content_of, content_with
from helpdesk.kb.services.publishing import archive, publish
from helpdesk.notifications.services import queue_mail


def plan_change(
    session: Session,
    translation: ArticleTranslation,
    plan: Plan,
    *,
    due_at: datetime,
    content: Content | None,
    note: str,
    by: int,
    now: datetime,
) -> PlannedChange:
    """Have a text published, or taken away, at a time; an earlier plan of the same kind is replaced.

    The text is kept as it is now: what is written later is not published by it. Raises `TooEarly`, `NothingToPublish`.
    """
    if due_at <= now:
        raise TooEarly
    if plan is Plan.PUBLISH and (content is None or not content.title or not content.body.strip()):
        raise NothingToPublish
    cancel_plan(session, translation, plan)
    planned = PlannedChange(
        translation_id=translation.id,
        plan=plan,
        due_at=due_at,
        content=_packed(content) if content else {},
        note=note[:400],
        by_id=by,
    )
    session.add(planned)
    session.flush()
    _audit(session, f"article.planned_{plan.value}", planned, translation, now=now)
    return planned


def cancel_plan(session: Session, translation: ArticleTranslation, plan: Plan) -> None:
    """Forget what was planned."""
    session.execute(
        sa.delete(PlannedChange).where(PlannedChange.translation_id == translation.id, PlannedChange.plan == plan)
    )


def run_plans(session: Session, *, now: datetime) -> int:
    """Do what is due; a draft that says something else than what was planned stays a draft. How many were done."""
    due = session.scalars(
        sa.select(PlannedChange)
        .options(joinedload(PlannedChange.translation).joinedload(ArticleTranslation.article))
        .where(PlannedChange.done_at.is_(None), PlannedChange.due_at <= now)
        .order_by(PlannedChange.due_at, PlannedChange.id)
        .limit(50)
    ).all()
    for planned in due:
        _run(session, planned, now=now)
        planned.done_at = now
    session.flush()
    return len(due)


def _run(session: Session, planned: PlannedChange, *, now: datetime) -> None:
    translation = planned.translation
    if planned.plan is Plan.UNPUBLISH:
        if translation.is_published:
            archive(session, translation, by=planned.by_id, now=now)
        return
    content = _unpacked(planned.content)
    keeps = translation.draft is not None and content_of(translation.draft) != content
    publish(session, translation, content=content, note=planned.note, by=planned.by_id, now=now, keep_draft=keeps)


def remind_owners(session: Session, *, today: date, now: datetime) -> int:
    """Ask who answers for them to read what is due for review: one mail a person and date; how many mails.

    What nobody answers for who can still sign in is asked of every editor.
    """
    due = session.execute(
        sa.select(Article, User)
        .outerjoin(User, sa.and_(User.id == Article.owner_id, User.disabled_at.is_(None)))
        .options(selectinload(Article.translations))
        .where(Article.review_by <= today, Article.translations.any(ArticleTranslation.status == Status.PUBLISHED))
        .order_by(Article.id)
    ).all()
    everyone = editors(session) if due else []
    asked: dict[tuple[User, date], list[Article]] = defaultdict(list)
    for article, owner in due:
        for person in [owner] if owner else everyone:
            asked[person, cast("date", article.review_by)].append(article)
    for (person, day), articles in asked.items():
        _remind(session, person, day, articles, now=now)
    return len(asked)


def _remind(session: Session, person: User, due: date, articles: Sequence[Article], *, now: datetime) -> None:
    read = [_to_read(article, person.locale) for article in articles]
    queue_mail(
        session,
        kind="article_review_due",
        recipient=person,
        subject_type="article",
        subject_id=articles[0].id,
        group_key=f"article-due-{articles[0].id}",
        dedupe_key=f"article-review-due-{person.id}-{due.isoformat()}",
        payload={
            "due": due.isoformat(),
            "articles": read,
            "path": read[0]["path"] if len(read) == 1 else "/work/articles/?show=review_due",
        },
        now=now,
    )


def _to_read(article: Article, locale: str) -> dict[str, str]:
    best = min(article.translations, key=lambda one: (one.locale != locale, one.locale != "en"))
    return {"name": best.title, "path": f"/work/articles/{article.slug}/{best.locale}/edit"}


def _audit(
    session: Session, action: str, planned: PlannedChange, translation: ArticleTranslation, *, now: datetime
) -> None:
    record(
        session,
        action,
        object_type="article",
        object_id=f"{translation.article_id}/{translation.locale}",
        actor_id=planned.by_id,
        now=now,
        after={"due_at": planned.due_at.isoformat()},
    )


def _packed(content: Content) -> dict[str, Any]:
    return {"title": content.title, "summary": content.summary, "body": content.body, "tags": list(content.tags)}


def _unpacked(values: dict[str, Any]) -> Content:
    return content_with(
        title=values["title"], summary=values["summary"], body=values["body"], tags=values.get("tags", [])
    )
