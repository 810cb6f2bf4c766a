"""Reviews: a draft is handed in, talked about, and approved or sent back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.desk_models import ReviewEntry, ReviewStep
from helpdesk.kb.models import ArticleTranslation, Status
from helpdesk.kb.rules import NothingSaid, NotInReview, content_of
from helpdesk.kb.services.publishing import publish
from helpdesk.notifications.services import queue_mail


def note_step(
    session: Session, translation: ArticleTranslation, step: ReviewStep, *, body: str, by: int, now: datetime
) -> ReviewEntry:
    """Write down one step of a review."""
    entry = ReviewEntry(translation_id=translation.id, step=step, author_id=by, body=body.strip()[:2000], at=now)
    session.add(entry)
    session.flush()
    return entry


def comment(session: Session, translation: ArticleTranslation, *, body: str, by: User, now: datetime) -> ReviewEntry:
    """Say something about a draft; its author is told. Raises `NothingSaid`."""
    if not body.strip():
        raise NothingSaid
    entry = note_step(session, translation, ReviewStep.COMMENT, body=body, by=by.id, now=now)
    _tell_author(session, translation, entry, by=by, now=now)
    return entry


def send_back(session: Session, translation: ArticleTranslation, *, body: str, by: User, now: datetime) -> ReviewEntry:
    """Ask the author to change something. Raises `NotInReview`, `NothingSaid`."""
    draft = translation.draft
    if draft is None or draft.submitted_at is None:
        raise NotInReview
    if not body.strip():
        raise NothingSaid
    draft.submitted_at = None
    if translation.status is Status.IN_REVIEW:
        translation.status = Status.DRAFT
    entry = note_step(session, translation, ReviewStep.RETURNED, body=body, by=by.id, now=now)
    _tell_author(session, translation, entry, by=by, now=now)
    return entry


def approve(session: Session, translation: ArticleTranslation, *, body: str, by: User, now: datetime) -> ReviewEntry:
    """Publish what was handed in, exactly as it stands. Raises `NotInReview`."""
    draft = translation.draft
    if draft is None or draft.submitted_at is None:
        raise NotInReview
    entry = note_step(session, translation, ReviewStep.APPROVED, body=body, by=by.id, now=now)
    _tell_author(session, translation, entry, by=by, now=now)
    publish(session, translation, content=content_of(draft), note=draft.note, by=by.id, now=now)
    return entry


def _tell_author(
    session: Session, translation: ArticleTranslation, entry: ReviewEntry, *, by: User, now: datetime
) -> None:
    author = session.get(User, translation.draft.author_id) if translation.draft else None
    if author is None or author.id == by.id:
        return
    queue_mail(
        session,
        kind="article_review",
        recipient=author,
        subject_type="article",
        subject_id=translation.article_id,
        group_key=f"article-{translation.id}",
        dedupe_key=f"article-review-{entry.id}",
        payload={
            "step": entry.step.value,
            "by": by.name,
            "title": translation.draft.title if translation.draft else translation.title,
            "words": entry.body,
            "path": f"/work/articles/{translation.article.slug}/{translation.locale}/edit",
        },
        now=now,
    )
