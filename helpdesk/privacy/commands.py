"""`helpdesk privacy`: answer a question about personal data."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.db import writing
from helpdesk.extensions import db, settings
from helpdesk.files.store import file_store
from helpdesk.privacy import queries, services
from helpdesk.privacy.errors import FileIsThere, OneSubject
from helpdesk.privacy.retention import overdue, retain


@click.group()
def privacy() -> None:
    """Personal data: hand out what is kept, throw away what is over its time."""


@privacy.command("export")
@click.option("--person", metavar="EMAIL", help="Whose data: one person's.")
@click.option("--organisation", metavar="TENANT_OR_DOMAIN", help="Whose data: one organisation's and its people's.")
@click.option("--to", "path", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
def export_data(person: str | None, organisation: str | None, path: Path) -> None:
    """Write all data of one person or one organisation into a zip, for the eyes of its owner alone."""
    if bool(person) == bool(organisation):
        raise OneSubject
    with writing(), db.sessionmaker.begin() as session:
        subject = _subject(session, person, organisation)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise FileIsThere(name=path.name) from None
        try:
            with os.fdopen(handle, "wb") as out:
                made = services.export(
                    session, subject, out, files=file_store(settings()), actor_id=None, now=utc_now()
                )
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    click.echo(json.dumps({"path": str(path), **made.summary()}))


@privacy.command("retention")
@click.option("--dry-run", is_flag=True, help="Only tell how much would go.")
def keep_to_retention(*, dry_run: bool) -> None:
    """Throw away what is over its time; one JSON object a line tells how much of each kind."""
    with writing(), db.sessionmaker.begin() as session:
        told = (
            overdue(session, settings(), now=utc_now())
            if dry_run
            else retain(session, settings(), actor_id=None, now=utc_now())
        )
    for went in told:
        click.echo(json.dumps(asdict(went)))


def _subject(session: Session, person: str | None, organisation: str | None) -> queries.Subject:
    if person:
        return queries.person_called(session, person)
    return queries.organisation_called(session, organisation or "")
