"""`helpdesk kb`: articles in files. Results go to standard output, messages to standard error."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from helpdesk.clock import utc_now
from helpdesk.config import ROOT
from helpdesk.extensions import db
from helpdesk.kb.folder.checking import check_folder
from helpdesk.kb.folder.exporting import export_folder
from helpdesk.kb.folder.importing import import_folder
from helpdesk.kb.folder.outcomes import Action, Outcome
from helpdesk.kb.variables import all_values
from helpdesk.search import jobs as search
from helpdesk.web.locale import LOCALES

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_LOCALE = click.Choice(list(LOCALES))


@click.group()
def kb() -> None:
    """Articles in files: import, export, check."""


@kb.command("import")
@click.argument("path", type=_FOLDER)
@click.option("--locale", type=_LOCALE, help="The folder holds plain slug.md files in this language.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file on standard output.")
def import_(path: Path, locale: str | None, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001 - click's flags
    """Take the articles of PATH into the database."""
    outcomes = import_folder(db.session, path, now=utc_now(), locale=locale)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
        search.ensure_index()
    _report(outcomes, "Nothing was changed: this was a dry run." if dry_run else "", as_json=as_json)


@kb.command("export")
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file on standard output.")
def export(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Write the articles into PATH, as slug/locale.md."""
    outcomes = export_folder(db.session, path)
    db.session.commit()
    _report(outcomes, as_json=as_json)


@kb.command("check")
@click.argument("path", type=_FOLDER, default=ROOT / "kb")
@click.option("--locale", type=_LOCALE, help="The folder holds plain slug.md files in this language.")
@click.option("--hints", is_flag=True, help="Give advice too, such as long sentences; it does not count as a problem.")
def check(path: Path, locale: str | None, hints: bool) -> None:  # noqa: FBT001 - click's flag
    """Look for broken links, unknown variables, wrong numbers, missing pictures and translations in PATH."""
    found = check_folder(path, variables=all_values(), locale=locale, hints=hints)
    for each in found:
        click.echo(json.dumps(each.as_json(), ensure_ascii=False))
    findings = [each for each in found if not each.finding.is_hint]
    click.echo(f"{len(findings)} findings in {path}" if findings else f"{path} is in order", err=True)
    if findings:
        raise SystemExit(1)


def _report(outcomes: Sequence[Outcome], message: str = "", *, as_json: bool) -> None:
    """One line a file and a sum; exit code 1 when something was refused."""
    for outcome in outcomes:
        if as_json:
            click.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
        elif outcome.action is not Action.UNCHANGED or outcome.missing_links:
            links = f"; links to nothing: {', '.join(outcome.missing_links)}" if outcome.missing_links else ""
            reason = f": {outcome.reason}" if outcome.reason else ""
            click.echo(f"{outcome.slug}/{outcome.locale} {outcome.action}{reason}{links}", err=True)
    counts = Counter(outcome.action for outcome in outcomes)
    click.echo(
        ", ".join(f"{counts[action]} {action}" for action in Action if counts[action]) or "no articles there", err=True
    )
    if message:
        click.echo(message, err=True)
    if counts[Action.CONFLICT] or counts[Action.FAILED]:
        raise SystemExit(1)
