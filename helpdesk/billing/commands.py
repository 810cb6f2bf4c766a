"""The console's `billing` commands. One JSON object on standard output, messages on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import click

from helpdesk.billing.reconciliation.errors import BadRow, RowsRefused
from helpdesk.billing.services.reconciliation import KINDS, ImportOptions, ImportReport, import_reconciliation
from helpdesk.clock import utc_now
from helpdesk.extensions import db

_EVERY = 50_000


@click.group()
def billing() -> None:
    """Import what 21Vianet charged."""


@billing.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), default="license", show_default=True, help="Which file it is.")
@click.option("--dry-run", is_flag=True, help="Check every row and say what would happen; change nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows in although some are bad.")
def import_file(file: Path, *, kind: str, dry_run: bool, skip_bad: bool) -> None:
    """Import a reconciliation FILE: all of it or nothing, and never twice."""
    options = ImportOptions(kind=kind, dry_run=dry_run, skip_bad=skip_bad, progress=_progress)
    try:
        with file.open("rb") as stream:
            report = import_reconciliation(db.session, stream, name=file.name, now=utc_now(), options=options)
    except RowsRefused as refusal:
        _say_bad(refusal.bad)
        raise
    if not dry_run:
        db.session.commit()
    _say(report, dry_run=dry_run)


def _progress(step: str, count: int) -> None:
    if count % _EVERY == 0:
        click.echo(f"{step}: {count:,} rows", err=True)


def _say_bad(rows: list[BadRow]) -> None:
    for row in rows:
        click.echo(str(row), err=True)


def _say(report: ImportReport, *, dry_run: bool) -> None:
    _say_bad(report.bad)
    if report.is_known:
        click.echo("This very file was imported before; nothing changed.", err=True)
    answer = {
        "file": report.name,
        "rows": report.rows,
        "added": report.added,
        "known": report.known,
        "bad": report.bad_count,
        "dry_run": dry_run,
    }
    click.echo(json.dumps(answer, ensure_ascii=False))
