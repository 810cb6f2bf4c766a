"""What the worker does for billing: look at uploaded files, and take in those that somebody wants in."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import IO, BinaryIO, Final, cast

from flask import Flask
from flask_babel import force_locale

from helpdesk.accounts.models import User
from helpdesk.billing.models import BillingImport, ImportKind, ImportState
from helpdesk.billing.queries.owners import owners_of_subscriptions
from helpdesk.billing.reconciliation.rejects import Rejects
from helpdesk.billing.reconciliation.usage import Owners
from helpdesk.billing.services.bills import import_bills, look_at_bills
from helpdesk.billing.services.import_work import claim_next, note_checked, note_done, note_progress, note_refused
from helpdesk.billing.services.imports import keep_file
from helpdesk.billing.services.reconciliation.checking import checked_file
from helpdesk.billing.services.reconciliation.report import ImportOptions
from helpdesk.billing.services.reconciliation.storing import store_in_steps
from helpdesk.clock import utc_now
from helpdesk.db import only_read, writing
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.files.store import file_store, local_store
from helpdesk.jobs import register_loop
from helpdesk.web.errors import sentence_of
from helpdesk.web.locale import BABEL

TOLD_EVERY: Final = timedelta(seconds=1)


def next_import(app: Flask) -> bool:
    """Do one file: check it, or take it in. One that was begun and left is begun again; nothing goes in twice."""
    with app.app_context(), writing():
        with db.sessionmaker.begin() as session:
            worker = f"{socket.gethostname()}:{os.getpid()}"
            row = claim_next(session, worker=worker, now=utc_now(), unchecked=local_store(settings()).waiting())
        if row is None:
            return False
        try:
            _work(row)
        except DomainError as refusal:
            with db.sessionmaker.begin() as session:
                note_refused(session, session.get_one(BillingImport, row.id), refusal, now=utc_now())
        return True


def _work(row: BillingImport) -> None:
    if row.kind is ImportKind.INVOICES:
        _work_on_bills(row)
    elif row.state is ImportState.RECEIVED:
        _check(row)
    else:
        _take_in(row)


def _work_on_bills(row: BillingImport) -> None:
    store = file_store(settings())
    with store.open(row.sha256) as stream, tempfile.TemporaryFile() as rejected, db.sessionmaker.begin() as session:
        kept = session.get_one(BillingImport, row.id)
        if kept.state is ImportState.RECEIVED:
            rejects = Rejects(rejected, words=_in_language_of(kept.by))
            look_at_bills(session, kept, stream, rejects=rejects, now=utc_now())
            kept.rejects_sha256 = _kept(row, rejected, rejects.count)
        else:
            import_bills(session, kept, stream, now=utc_now())


def _check(row: BillingImport) -> None:
    """Read every row, compare with what is there; nothing changes but the note of it."""
    options = ImportOptions(kind=row.kind.value, dry_run=True, skip_bad=True, progress=lambda _step, done: tell(done))
    tell = _teller(row.id)
    with file_store(settings()).open(row.sha256) as stream, tempfile.TemporaryFile() as rejected:
        rejects = Rejects(rejected, words=_words_for(row))
        with checked_file(stream, name=row.name, options=options, owners=_owners(row), rejects=rejects) as checked:
            only_read()
            with db.sessionmaker() as session:
                for _done in store_in_steps(session, checked, options=options, by=None, now=utc_now()):
                    pass
            only_read(on=False)
            with db.sessionmaker.begin() as session:
                kept = session.get_one(BillingImport, row.id)
                kept.rejects_sha256 = _kept(row, rejected, rejects.count)
                note_checked(session, kept, checked.report, now=utc_now())


def _take_in(row: BillingImport) -> None:
    """Store the good rows in steps of some thousand, each committed, so that nobody else has to wait for the end."""
    options = ImportOptions(
        kind=row.kind.value,
        skip_bad=row.skip_bad,
        replace=row.replace,
        billed_on=row.billed_on,
        progress=lambda step, done: tell(done) if step == "checking" else None,
    )
    tell = _teller(row.id)
    with (
        file_store(settings()).open(row.sha256) as stream,
        checked_file(stream, name=row.name, options=options, owners=_owners(row)) as checked,
        db.sessionmaker() as session,
    ):
        kept = session.get_one(BillingImport, row.id)
        for done in store_in_steps(session, checked, options=options, by=kept.by, now=utc_now()):
            note_progress(session, row.id, done=done, now=utc_now())
            session.commit()
        note_done(session, kept, checked.report, now=utc_now())
        session.commit()


def _words_for(row: BillingImport) -> Callable[[DomainError], str]:
    with db.sessionmaker() as session:
        return _in_language_of(session.get_one(BillingImport, row.id).by)


def _in_language_of(person: User) -> Callable[[DomainError], str]:
    """Refusals as that person reads them."""
    locale = BABEL[person.locale]

    def words(error: DomainError) -> str:
        with force_locale(locale):
            return sentence_of(error)

    return words


def _owners(row: BillingImport) -> Owners | None:
    if row.kind is not ImportKind.USAGE:
        return None
    with db.sessionmaker() as session:
        return owners_of_subscriptions(session)


def _teller(import_id: int) -> Callable[[int], None]:
    """Write the progress down, at most once a second."""
    last = utc_now()

    def tell(done: int) -> None:
        nonlocal last
        now = utc_now()
        if now - last < TOLD_EVERY:
            return
        last = now
        with db.sessionmaker.begin() as session:
            note_progress(session, import_id, done=done, now=now)

    return tell


def _kept(row: BillingImport, rejected: IO[bytes], count: int) -> str | None:
    if not count:
        return None
    return keep_file(cast("BinaryIO", rejected), name=f"rejects-{row.name}", store=file_store(settings())).sha256


register_loop("billing.imports", next_import)
