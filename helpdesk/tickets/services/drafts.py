"""Keeping what was typed and not sent, with its files; and what a suggestion spared."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.files.errors import FilesTooLarge, TooManyFiles
from helpdesk.files.store import FileState, FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.limits import DRAFT_DAYS, DRAFTS_MAX, MESSAGE_MAX, REQUEST_MAX_BYTES, UPLOAD_MAX_FILES
from helpdesk.tickets.models import Draft, DraftFile, SuggestionOpened
from helpdesk.tickets.queries.drafts import draft_at
from helpdesk.tickets.rules.words import tidy, tidy_line

_FIELDS_MAX: Final = 20
_VALUE_MAX: Final = MESSAGE_MAX + 5_000
_MEGABYTE: Final = 1024 * 1024


def save_draft(
    session: Session,
    *,
    user_id: int,
    place: str,
    fields: Mapping[str, str],
    now: datetime,
    store: FileStore,
    kept: Iterable[str] | None = None,
    files: Sequence[CheckedFile] = (),
) -> Draft | None:
    """Keep the text of a form, and its files; an empty form has no draft.

    `kept` are the public ids of the files that stay; None leaves all.
    """
    draft = draft_at(session, user_id, place)
    words = {name: tidy(value)[:_VALUE_MAX] for name, value in list(fields.items())[:_FIELDS_MAX]}
    if not (words.get("body") or words.get("subject") or files or (draft and draft.files)):
        discard_draft(session, draft)
        return None
    draft = draft or _new(session, user_id, place, now)
    draft.fields, draft.updated_at = words, now
    _set_files(draft, kept, files, store)
    session.flush()
    return draft


def _new(session: Session, user_id: int, place: str, now: datetime) -> Draft:
    """Begin a draft; the oldest beyond the limit makes room."""
    theirs = sa.select(Draft).where(Draft.user_id == user_id).order_by(Draft.updated_at.desc(), Draft.id.desc())
    for old in session.scalars(theirs.offset(DRAFTS_MAX - 1)):
        session.delete(old)
    draft = Draft(user_id=user_id, place=place, fields={}, updated_at=now)
    session.add(draft)
    return draft


def _set_files(draft: Draft, kept: Iterable[str] | None, files: Sequence[CheckedFile], store: FileStore) -> None:
    if kept is not None:
        stay, come = set(kept), {file.sha256 for file in files}
        draft.files = [file for file in draft.files if file.public_id in stay or file.sha256 in come]
    known = {file.sha256 for file in draft.files}
    for file in files:
        if file.sha256 in known or len(draft.files) >= UPLOAD_MAX_FILES:
            continue
        store.put(file)
        draft.files.append(
            DraftFile(filename=file.filename, content_type=file.content_type, size=file.size, sha256=file.sha256)
        )


def discard_draft(session: Session, draft: Draft | None) -> None:
    """Throw a draft away, or do nothing where there is none."""
    if draft is not None:
        session.delete(draft)
        session.flush()


def together(
    draft: Draft | None, kept: Iterable[str], files: Sequence[CheckedFile], store: FileStore
) -> list[CheckedFile]:
    """Files of a draft that were kept, and those that came now, each once.

    Raises `TooManyFiles`, `FilesTooLarge`. A file whose content is gone is left out; one that still waits for the
    virus scanner stays where it is.
    """
    stay = set(kept)
    old = [file for file in (draft.files if draft else []) if file.public_id in stay]
    known = {file.sha256 for file in old}
    found = [checked for file in old if (checked := _from_store(file, store))]
    found += [file for file in files if file.sha256 not in known]
    if len(found) > UPLOAD_MAX_FILES:
        raise TooManyFiles(name=found[UPLOAD_MAX_FILES].filename, limit=UPLOAD_MAX_FILES)
    if sum(file.size for file in found) > REQUEST_MAX_BYTES:
        raise FilesTooLarge(name=found[-1].filename, limit=REQUEST_MAX_BYTES // _MEGABYTE)
    return found


def _from_store(file: DraftFile, store: FileStore) -> CheckedFile | None:
    state = store.state(file.sha256)
    if state is FileState.CONDEMNED:
        return None
    if state is FileState.WAITING:
        return CheckedFile(file.filename, file.content_type, file.size, file.sha256, io.BytesIO(), is_unchecked=True)
    try:
        with store.open(file.sha256) as content:
            return CheckedFile(file.filename, file.content_type, file.size, file.sha256, io.BytesIO(content.read()))
    except FileNotFoundError:
        return None


def forget_old_drafts(session: Session, *, now: datetime) -> int:
    """Throw away drafts that nobody touched for long; how many."""
    old = session.scalars(sa.select(Draft).where(Draft.updated_at < now - timedelta(days=DRAFT_DAYS))).all()
    for draft in old:
        session.delete(draft)
    session.flush()
    return len(old)


def note_suggestion_opened(
    session: Session, *, by: User, form_key: str, article: str, locale: str, asked: str, now: datetime
) -> None:
    """Remember that an article was opened while a ticket was being written; the same one once a form."""
    known = sa.select(SuggestionOpened.id).where(
        SuggestionOpened.form_key == form_key, SuggestionOpened.article == article
    )
    if session.scalars(known).first() is not None:
        return
    session.add(
        SuggestionOpened(
            user_id=by.id,
            form_key=form_key,
            article=article[:160],
            locale=locale,
            asked=tidy_line(asked)[:200],
            at=now,
        )
    )
    session.flush()


def note_sent_after_all(session: Session, *, form_key: str, now: datetime) -> None:
    """The ticket was sent although suggestions were opened: they were no answer."""
    session.execute(
        sa.update(SuggestionOpened)
        .where(SuggestionOpened.form_key == form_key, SuggestionOpened.sent_at.is_(None))
        .values(sent_at=now)
    )
