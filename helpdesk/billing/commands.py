"""The console's `billing` commands. One JSON object on standard output, bad rows in it; messages on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from helpdesk.billing.queries.owners import owners_of_subscriptions
from helpdesk.billing.reconciliation.errors import BadRow, RowsRefused
from helpdesk.billing.reconciliation.rejects import Rejects
from helpdesk.billing.reconciliation.usage import Owners
from helpdesk.billing.services.reconciliation import KINDS, Differences, ImportOptions, ImportReport
from helpdesk.billing.services.reconciliation.checking import checked_file
from helpdesk.billing.services.reconciliation.storing import store_in_steps
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
@click.option(
    "--replace/--keep", default=None, help="A corrected file takes the earlier one's place, or stands beside."
)
@click.option("--billed-on", type=click.DateTime(["%Y-%m-%d"]), help="Billing date of 21Vianet; today without it.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write the bad rows to this file.")
def import_file(
    file: Path,
    *,
    kind: str,
    dry_run: bool,
    skip_bad: bool,
    replace: bool | None,
    billed_on: datetime | None,
    rejects: Path | None,
) -> None:
    """Import a reconciliation FILE: all of it or nothing, and never twice."""
    options = ImportOptions(
        kind=kind,
        dry_run=dry_run,
        skip_bad=skip_bad,
        replace=replace,
        billed_on=billed_on.date() if billed_on else None,
        progress=_progress,
    )
    owners = owners_of_subscriptions(db.session) if kind == "usage" else None
    db.session.rollback()  # nobody waits for this process while it only reads the file
    try:
        with file.open("rb") as stream, _rejects(rejects) as rejected:
            report = _imported(stream, file.name, options, owners, rejected)
    except RowsRefused as refusal:
        _say_refused(file.name, refusal, dry_run=dry_run)
        raise
    if not dry_run:
        db.session.commit()
    _say(report, dry_run=dry_run)


def _imported(
    stream: BinaryIO, name: str, options: ImportOptions, owners: Owners | None, rejects: Rejects | None
) -> ImportReport:
    """Check first, then store in one transaction: a kill at any point leaves nothing."""
    with checked_file(stream, name=name, options=options, owners=owners, rejects=rejects) as checked:
        for _done in store_in_steps(db.session, checked, options=options, by=None, now=utc_now()):
            pass
        return checked.report


@contextmanager
def _rejects(path: Path | None) -> Iterator[Rejects | None]:
    if path is None:
        yield None
        return
    with path.open("wb") as stream:
        yield Rejects(stream)


def _progress(step: str, count: int) -> None:
    if count % _EVERY == 0:
        click.echo(f"{step}: {count:,} rows", err=True)


def _say_bad(rows: list[BadRow]) -> None:
    for row in rows:
        click.echo(str(row), err=True)


def _say_refused(name: str, refusal: RowsRefused, *, dry_run: bool) -> None:
    """The same object as for a file that went in, so that a program can read why this one did not."""
    _say_bad(refusal.bad)
    answer = {
        "file": name,
        "rows": refusal.values["rows"],
        "added": 0,
        "known": 0,
        "bad": refusal.values["count"],
        "bad_rows": _places(refusal.bad),
        "dry_run": dry_run,
        "differences": None,
    }
    click.echo(json.dumps(answer, ensure_ascii=False))


def _places(rows: list[BadRow]) -> list[dict[str, Any]]:
    return [{"line": row.line, "column": row.column, "reason": str(row.why)} for row in rows]


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
        "bad_rows": _places(report.bad),
        "dry_run": dry_run,
        "differences": _differences(report.differences),
    }
    click.echo(json.dumps(answer, ensure_ascii=False))


def _differences(found: Differences | None) -> dict[str, Any] | None:
    """What a corrected file changes; each example on standard error."""
    if found is None:
        return None
    for change in found.examples:
        days = f"{change.start} to {change.end}"
        click.echo(
            f"{change.subscription}, {change.charge_type}, {days}: {change.before} -> {change.after or 'gone'}",
            err=True,
        )
    return {
        "corrects": found.file.name,
        "same": found.same,
        "changed": found.changed,
        "gone": found.gone,
        "new": found.new,
    }
