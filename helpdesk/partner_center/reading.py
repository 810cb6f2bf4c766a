"""Reading all that Partner Center says, a customer a transaction; the network is asked outside of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from helpdesk.billing.services.payables import link_named_files
from helpdesk.db import writing
from helpdesk.partner_center.errors import Refused
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.services import (
    InvoicesReport,
    ReadReport,
    take_customer,
    take_invoice,
    take_subscription,
)
from helpdesk.partner_center.shapes import RemoteCustomer


def read_customers(
    sessions: sessionmaker[Session],
    client: PartnerCenter,
    *,
    now: datetime,
    tell: Callable[[str], None] = lambda _name: None,
) -> ReadReport:
    """Bring customers and their subscriptions up to date; `tell` hears the name of each that is done.

    A customer whose subscriptions Partner Center refuses to show is counted, and the others are read all the same.
    Raises the other errors of `partner_center.errors`; what was read before them stays.
    """
    report = ReadReport()
    for remote in list(client.customers()):
        _read_one(sessions, client, remote, report, now=now)
        tell(remote.name)
    return report


def _read_one(
    sessions: sessionmaker[Session], client: PartnerCenter, remote: RemoteCustomer, report: ReadReport, *, now: datetime
) -> None:
    try:
        subscriptions = list(client.subscriptions(remote.tenant_id))
    except Refused:
        report.refused += 1
        return
    with writing(), sessions.begin() as session:
        customer = take_customer(session, remote, report, now=now)
        if customer is None:
            return
        for each in subscriptions:
            take_subscription(session, customer, each, report, now=now)


def read_invoices(sessions: sessionmaker[Session], client: PartnerCenter, *, now: datetime) -> InvoicesReport:
    """Keep the invoices of 21Vianet to the partner, and put the files that name one beside it."""
    remote, report = list(client.invoices()), InvoicesReport()
    with writing(), sessions.begin() as session:
        for each in remote:
            take_invoice(session, each, report, now=now)
        report.files_found = link_named_files(session)
    return report
