"""Files that a person uploads: received, checked by the worker, taken in when somebody says so."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import BillingImport, ImportKind, ImportState
from helpdesk.billing.rules.imports import ImportEmpty, ImportNotReady, ImportTooLarge, check_import_move
from helpdesk.files.checks import check_table
from helpdesk.files.names import clean_name
from helpdesk.files.scanning import Later, NoScanner, Scanner
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile, scanned
from helpdesk.limits import IMPORT_MAX_BYTES, REQUEST_MAX_BYTES

_CHUNK: Final = 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


def receive_import(
    session: Session,
    stream: BinaryIO,
    *,
    name: str,
    kind: ImportKind,
    billed_on: date,
    store: FileStore,
    by: User,
    now: datetime,
    scanner: Scanner | None = None,
) -> BillingImport:
    """Keep an uploaded file for the worker to look at. Raises `ImportEmpty`, `ImportTooLarge`, a `FileRefused`."""
    check_table(stream, name=clean_name(name))
    kept = keep_file(stream, name=name, store=store, scanner=scanner)
    received = BillingImport(
        kind=kind,
        name=kept.filename,
        sha256=kept.sha256,
        size=kept.size,
        billed_on=billed_on,
        by=by,
        created_at=now,
        updated_at=now,
    )
    session.add(received)
    session.flush()
    _note(session, "billing_import.received", received, by=by, now=now)
    return received


def keep_file(stream: BinaryIO, *, name: str, store: FileStore, scanner: Scanner | None = None) -> CheckedFile:
    """Put a stream into the store under its hash; a large one is scanned by the worker, so that nobody waits for it.

    Without a scanner it is a file of our own. Raises `ImportEmpty`, `ImportTooLarge`, `FileInfected`.
    """
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(_CHUNK):
        size += len(piece)
        digest.update(piece)
    if not size:
        raise ImportEmpty
    if size > IMPORT_MAX_BYTES:
        raise ImportTooLarge(limit=IMPORT_MAX_BYTES // _MEGABYTE)
    kept = CheckedFile(clean_name(name), "text/csv", size, digest.hexdigest(), stream)
    if scanner is not None:
        is_quick = size <= REQUEST_MAX_BYTES or isinstance(scanner, NoScanner)
        kept = scanned(kept, scanner if is_quick else Later())
    store.put(kept)
    return kept


def want_import(
    session: Session, row: BillingImport, *, skip_bad: bool, replace: bool, by: User, now: datetime
) -> None:
    """Have the worker take a checked file in. Raises `ImportMoved`, `ImportNotReady`."""
    check_import_move(row.state, ImportState.WANTED)
    if row.bad_count and not skip_bad:
        raise ImportNotReady
    row.skip_bad, row.replace = skip_bad, replace
    _move(session, row, ImportState.WANTED, by=by, now=now)


def drop_import(session: Session, row: BillingImport, *, by: User, now: datetime) -> None:
    """Leave a checked file alone. Raises `ImportMoved`."""
    check_import_move(row.state, ImportState.DROPPED)
    _move(session, row, ImportState.DROPPED, by=by, now=now)


def _move(session: Session, row: BillingImport, state: ImportState, *, by: User, now: datetime) -> None:
    row.state, row.rows_done, row.updated_at = state, 0, now
    _note(session, f"billing_import.{state.value}", row, by=by, now=now)
    session.flush()


def _note(session: Session, action: str, row: BillingImport, *, by: User, now: datetime) -> None:
    after = {"name": row.name, "kind": row.kind.value, "skip_bad": row.skip_bad, "replace": row.replace}
    record(session, action, object_type="billing_import", object_id=row.public_id, actor_id=by.id, now=now, after=after)
