"""The console's `partner-center` commands: reading, never changing."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from helpdesk.billing.services.payables import link_named_files
from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.partner_center.services import InvoicesReport, ReadReport, take_customer, take_invoice, take_subscription
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
    """Read the invoices of 21Vianet to the partner into our tables."""
    remote, report = list(client_of(settings()).invoices()), InvoicesReport()
    for each in remote:
        take_invoice(db.session, each, report, now=utc_now())
    report.files_found = link_named_files(db.session)
    db.session.commit()
    click.echo(json.dumps(asdict(report)))
