"""`helpdesk secrets ...`: a new secret key, and moving to it."""

from __future__ import annotations

import secrets as random

import click

from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.second_factor.services import renew_seals
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings


@click.group("secrets")
def secrets() -> None:
    """Make a secret key, and move to it."""


@secrets.command("new")
def new() -> None:
    """Print a new secret key."""
    click.echo(random.token_urlsafe(48))


@secrets.command("rotate")
def rotate() -> None:
    """Seal every second factor with HELPDESK_SECRET_KEY; earlier keys are read from HELPDESK_SECRET_KEY_FALLBACKS."""
    try:
        changed = renew_seals(db.session, seal=Seal(settings().secrets()))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(
        f"{changed} second factors were sealed anew. Keep the earlier key as a fallback for as long as people may"
        " answer mails or follow links in them that it signed; sessions need it for seven days.",
        err=True,
    )
