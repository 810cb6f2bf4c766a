"""Mail in on the console."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app

from helpdesk.clock import utc_now
from helpdesk.db import writing
from helpdesk.extensions import db
from helpdesk.intake.ingest import as_answer, ingest
from helpdesk.intake.queries import incoming_mail
from helpdesk.intake.services import Envelope, House, replay


@click.group()
def mail() -> None:
    """Take mail in."""


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's way
    return app


def _say(answer: dict[str, object]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"))


@mail.command("ingest")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--from", "sender", default=None, help="The envelope's sender, where it is known.")
@click.option("--to", "recipients", multiple=True, help="The envelope's recipients, where they are known.")
def ingest_files(files: tuple[str, ...], sender: str | None, recipients: tuple[str, ...]) -> None:
    """Take in mails from FILES (`-` is standard input), one JSON line a mail: what was done, and why."""
    for name in files:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        answer = ingest(_app(), raw, envelope=Envelope("file", sender, recipients))
        _say({"file": name, **answer})


@mail.command("replay")
@click.argument("identifiers", nargs=-1, required=True)
def replay_mails(identifiers: tuple[str, ...]) -> None:
    """Read kept mails again by their identifiers and decide anew."""
    for identifier in identifiers:
        with writing(), db.sessionmaker.begin() as session:
            record = incoming_mail(session, identifier, lock=True)
            if record is None:
                raise click.ClickException(f"There is no mail {identifier}.")
            replay(session, record, house=House.of(current_app.config["HELPDESK"]), now=utc_now())
            _say({"file": None, **as_answer(record)})
