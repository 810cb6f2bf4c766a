"""The console's `partner-center` commands: reading, never changing."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.partner_center.reading import read_customers, read_invoices
from helpdesk.partner_center.wiring import partner_center as client_of


@click.group("partner-center")
def partner_center() -> None:
    """Read what Partner Center operated by 21Vianet knows."""


@partner_center.command("read")
def read() -> None:
    """Read customers and subscriptions into our tables."""
    report = read_customers(
        db.sessionmaker, client_of(settings()), now=utc_now(), tell=lambda name: click.echo(name, err=True)
    )
    click.echo(json.dumps(asdict(report)))


@partner_center.command("invoices")
def invoices() -> None:
    """Read the invoices of 21Vianet to the partner into our tables."""
    report = read_invoices(db.sessionmaker, client_of(settings()), now=utc_now())
    click.echo(json.dumps(asdict(report)))
