"""`helpdesk backup`: take a snapshot, prove it, restore it; `helpdesk files`: look for viruses in what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import click

from helpdesk.clock import utc_now
from helpdesk.db import writing
from helpdesk.extensions import db, settings
from helpdesk.files.quarantine import rescan
from helpdesk.files.scanning import scanner_of
from helpdesk.files.store import local_store
from helpdesk.search import indexer, jobs
from helpdesk.system import services, snapshots
from helpdesk.system.errors import NoScannerSet, NotConfirmed
from helpdesk.system.services import Snapshot
from helpdesk.system.viruses import tell_of_viruses

_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="Where snapshots lie; by default var/backups."
)
_FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)


@click.group()
def files() -> None:
    """Files that people sent."""


@files.command()
def scan() -> None:
    """Look for viruses in every kept file with what the scanner knows today, and tell whom it concerns."""
    here = settings()
    if not here.clamd:
        raise NoScannerSet
    store = local_store(here)
    clean, infected = rescan(store, scanner_of(here), store.kept())
    with writing(), db.sessionmaker.begin() as session:
        told = tell_of_viruses(session, store, now=utc_now())
    left = len(store.kept()) - clean
    click.echo(json.dumps({"clean": clean, "infected": infected, "told": told, "not_looked_at": left}))


@click.group()
def backup() -> None:
    """Snapshots of database, files and articles."""


@backup.command()
@_FOLDER
@click.option("--keep", type=click.IntRange(0), default=0, help="Remove older snapshots beyond so many; 0 keeps all.")
def create(folder: Path | None, keep: int) -> None:
    """Take a snapshot while the helpdesk runs."""
    began = monotonic()
    with writing(), db.sessionmaker.begin() as session:
        made = services.create(
            session, settings(), db.engine, folder=folder or _default_folder(), keep=keep, now=utc_now()
        )
    _tell(made, began)
    if made.manifest.lost:
        click.echo(f"{len(made.manifest.lost)} files were missing already and could not be packed.", err=True)


@backup.command()
@_FILE
@_FOLDER
def drill(file: Path | None, folder: Path | None) -> None:
    """Restore FILE (by default the newest snapshot) into a scratch database and compare; nothing here changes."""
    began = monotonic()
    path = file or snapshots.newest(folder or _default_folder())
    with writing(), db.sessionmaker.begin() as session:
        drilled = services.drill(session, db.engine, path=path, now=utc_now())
    _tell(drilled, began)
    click.echo(f"{path.name} can be restored.", err=True)


@backup.command()
@_FILE
@_FOLDER
@click.option("--yes", is_flag=True, help="Replace everything that is here.")
def restore(file: Path | None, folder: Path | None, *, yes: bool) -> None:
    """Replace database and files by FILE (by default the newest snapshot); the search index is built anew."""
    if not yes:
        raise NotConfirmed
    began = monotonic()
    here = settings()
    path = file or snapshots.newest(folder or _default_folder())
    restored, files = services.restore(db.engine, here, path=path)
    db.engine.dispose()
    with writing(), db.sessionmaker.begin() as session:
        services.note_restored(session, restored, now=utc_now())
    indexer.rebuild(db.sessionmaker, jobs.get_index(here), lock=jobs.lock_of(here), now=utc_now())
    _tell(restored, began, files_brought_back=files)
    click.echo("Restored. Restart web and worker.", err=True)


def _default_folder() -> Path:
    return settings().var / "backups"


def _tell(snapshot: Snapshot, began: float, **more: object) -> None:
    seconds = round(monotonic() - began, 1)
    click.echo(json.dumps({"path": str(snapshot.path), **snapshot.summary(), **more, "seconds": seconds}))
