"""The console's `partner-center` commands: reading, never changing."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.partner_center.services import ReadReport, take_customer, take_subscription
from helpdesk.partner_center.wiring import partner_center as client_of


@click.group("partner-center")
def partner_center() -> None:
    """Read what Partner Center operated by 21Vianet knows."""


@partner_center.command("read")
def read() -> None:
    """Read customers and subscriptions into our tables; a customer a transaction, the network outside of it."""
    client, report = client_of(settings()), ReadReport()
    for remote in list(client.customers()):
        subscriptions = list(client.subscriptions(remote.tenant_id))
        customer = take_customer(db.session, remote, report, now=utc_now())
        if customer is not None:
            for each in subscriptions:
                take_subscription(db.session, customer, each, report, now=utc_now())
        db.session.commit()
        click.echo(remote.name, err=True)
    click.echo(json.dumps(asdict(report)))


@partner_center.command("invoices")
def invoices() -> None:
    """Print the invoices of 21Vianet to the partner, a JSON object a line."""
    for each in client_of(settings()).invoices():
        click.echo(json.dumps(asdict(each), default=str, ensure_ascii=False))
