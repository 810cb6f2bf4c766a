"""The console: `helpdesk --help`.

Answers go to standard output, messages to standard error; 0 done, 1 refused with a reason, 2 usage.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError

from helpdesk.errors import DomainError

_GROUPS = {
    "secrets": "helpdesk.accounts.secret_commands",
    "user": "helpdesk.accounts.commands",
    "kb": "helpdesk.kb.commands",
    "billing": "helpdesk.billing.commands",
    "partner-center": "helpdesk.partner_center.commands",
    "policy": "helpdesk.collections.commands",
    "search": "helpdesk.search.commands",
    "mail": "helpdesk.intake.commands",
    "backup": "helpdesk.system.commands",
    "files": "helpdesk.system.commands",
    "privacy": "helpdesk.privacy.commands",
    "demo": "helpdesk.demo.commands",
}


def _application() -> Flask:
    from helpdesk.app import create_app

    return create_app()


class _Features(click.Group):
    """Loads a slice's commands only when they are asked for, each inside the application."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own commands and the slices' groups."""
        return sorted({*super().list_commands(ctx), *_GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command, in its slice if it is a slice's."""
        own = super().get_command(ctx, cmd_name)
        if own is not None or cmd_name not in _GROUPS:
            return own
        group: click.Command = getattr(importlib.import_module(_GROUPS[cmd_name]), cmd_name.replace("-", "_"))
        return group

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run with an application at hand, unless the command makes its own."""
        if set(sys.argv) & {"--help", "-h"}:
            return super().invoke(ctx)
        with _application().app_context():
            return super().invoke(ctx)


@click.group(cls=_Features)
def cli() -> None:
    """Run and look after the billing helpdesk."""


@cli.group()
def db() -> None:
    """Create and migrate the database."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from helpdesk.extensions import migrations

    migrations.upgrade()
    click.echo("The database is up to date.", err=True)


@db.command("downgrade")
@click.argument("target", default="-1")
def downgrade(target: str) -> None:
    """Go back to an earlier schema: `-1`, `base` or a revision."""
    from helpdesk.extensions import migrations

    migrations.downgrade(int(target) if target.lstrip("-").isdigit() else target)
    click.echo("The database was taken back.", err=True)


@db.command("check")
def check() -> None:
    """Fail when the models and the newest migration differ."""
    from helpdesk.extensions import migrations

    differences = migrations.compare_metadata()
    for difference in differences:
        click.echo(repr(difference), err=True)
    if differences:
        raise SystemExit(1)
    click.echo("Models and migrations agree.", err=True)


@db.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    from helpdesk.extensions import migrations

    for script in migrations.revision(message):
        if script is not None:
            click.echo(script.path)


@cli.command()
def worker() -> None:
    """Deliver mail, keep the search index fresh and run what is due, until stopped."""
    from flask import current_app

    from helpdesk.worker import run_worker

    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's way


@cli.command()
@click.option("--demo/--no-demo", default=True, help="Load the demonstration data on first start.")
def serve(*, demo: bool) -> None:
    """Prepare everything, then run web and worker in one process tree until Ctrl-C."""
    from flask import current_app

    from helpdesk.serve import serve_everything

    serve_everything(current_app._get_current_object(), with_demo=demo)  # type: ignore[attr-defined]  # noqa: SLF001


def main() -> None:
    """Run the console; a refusal is one sentence on standard error and exit code 1."""
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    try:
        cli(prog_name="helpdesk")
    except DomainError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    except ValidationError as error:
        for problem in error.errors():
            click.echo(f"Settings: {'.'.join(map(str, problem['loc']))} {problem['msg']}", err=True)
        raise SystemExit(1) from error
