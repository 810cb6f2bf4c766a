"""Take a snapshot, prove that it can be restored, restore it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.config import Settings
from helpdesk.kb.folder.zips import zipped
from helpdesk.system import snapshots
from helpdesk.system.contents import Contents
from helpdesk.system.databases import database_file
from helpdesk.system.errors import OtherDatabase, SnapshotBroken
from helpdesk.system.snapshots import Manifest

CREATED: Final = "backup.created"
DRILLED: Final = "backup.drilled"
RESTORED: Final = "backup.restored"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was taken, drilled or restored."""

    path: Path
    manifest: Manifest

    def summary(self) -> dict[str, object]:
        """What scripts and the audit trail are told."""
        return {
            "snapshot": self.path.name,
            "bytes": self.path.stat().st_size,
            "rows": sum(self.manifest.rows.values()),
            "files": len(self.manifest.files),
            "files_missing": len(self.manifest.lost),
            "articles": self.manifest.articles,
            "revision": self.manifest.revision,
        }


def create(session: Session, settings: Settings, engine: Engine, *, folder: Path, keep: int, now: datetime) -> Snapshot:
    """Pack database, files and articles into `folder`; older snapshots beyond the last `keep` are removed (0: none).

    Files are written before the rows that speak of them, so the database is copied first.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = snapshots.new_path(folder, now)
    files = settings.var / "files"
    with TemporaryDirectory(prefix=".snapshot-", dir=folder) as name:
        database = Path(name) / snapshots.DATABASE
        way = database_file(engine)
        found = way.dump(database)
        articles = zipped(session)
        manifest = snapshots.write(
            target,
            database=database,
            articles=articles,
            files=files,
            describe={
                "engine": way.name,
                "revision": found.revision,
                "taken_at": now.isoformat(),
                "rows": found.rows,
                "articles": _count_articles(articles),
            },
            lost=sorted(one for one in found.files if not (files / one[:2] / one[2:]).exists()),
        )
    for old in snapshots.all_in(folder)[:-keep] if keep else []:
        old.unlink()
    snapshot = Snapshot(target, manifest)
    _note(session, CREATED, snapshot, now=now)
    return snapshot


def drill(session: Session, engine: Engine, *, path: Path, now: datetime) -> Snapshot:
    """Restore `path` into a database made for the purpose and compare it with what was packed.

    Raises `SnapshotBroken`, `NotASnapshot`, `OtherDatabase`; only a drill that passed is written down.
    """
    with snapshots.opened(path) as (manifest, folder):
        _same_engine(path, manifest, engine)
        came_back = database_file(engine).rehearse(folder / snapshots.DATABASE)
        _compare(path, manifest, came_back)
        if _count_articles((folder / snapshots.ARTICLES).read_bytes()) != manifest.articles:
            raise SnapshotBroken(file=path.name, reason="articles are missing")
    snapshot = Snapshot(path, manifest)
    _note(session, DRILLED, snapshot, now=now)
    return snapshot


def restore(engine: Engine, settings: Settings, *, path: Path) -> tuple[Snapshot, int]:
    """Replace the database by the one in `path`, checked before, and bring back the files that are missing here.

    Gives how many files came back. The caller writes it down afterwards: the audit trail is replaced too.
    """
    with snapshots.opened(path) as (manifest, folder):
        _same_engine(path, manifest, engine)
        way = database_file(engine)
        _compare(path, manifest, way.rehearse(folder / snapshots.DATABASE))
        files = snapshots.bring_files_back(folder, settings.var / "files")
        way.restore(folder / snapshots.DATABASE)
    return Snapshot(path, manifest), files


def note_restored(session: Session, snapshot: Snapshot, *, now: datetime) -> None:
    """Write into the restored audit trail where it came from."""
    _note(session, RESTORED, snapshot, now=now)


def _note(session: Session, action: str, snapshot: Snapshot, *, now: datetime) -> None:
    record(
        session,
        action,
        object_type="snapshot",
        object_id=snapshot.path.name,
        actor_id=None,
        now=now,
        after=snapshot.summary(),
    )
    session.flush()


def _same_engine(path: Path, manifest: Manifest, engine: Engine) -> None:
    if manifest.engine != engine.dialect.name:
        raise OtherDatabase(file=path.name, theirs=manifest.engine, ours=engine.dialect.name)


def _compare(path: Path, manifest: Manifest, found: Contents) -> None:
    if found.revision != manifest.revision:
        raise SnapshotBroken(file=path.name, reason=f"its schema is {found.revision}, not {manifest.revision}")
    for table, rows in manifest.rows.items():
        if found.rows.get(table) != rows:
            raise SnapshotBroken(file=path.name, reason=f"{table} has {found.rows.get(table)} rows instead of {rows}")
    missing = found.files - manifest.files - set(manifest.lost)
    if missing:
        raise SnapshotBroken(file=path.name, reason=f"{len(missing)} files are missing")


def _count_articles(packed: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return sum(1 for name in archive.namelist() if name.endswith(".md"))
