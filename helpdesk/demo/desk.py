"""The billing desk of the demonstration: price rules, a month to bill, a bank slip to look at, files in the list."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import ImportKind, Invoice, ReconciliationFile, Subscription, VnetInvoice
from helpdesk.billing.queries import balance_of, invoices_visible_to
from helpdesk.billing.queries.payables import payables
from helpdesk.billing.services import import_reconciliation, receive_import, send_proof
from helpdesk.billing.services.pricing import set_markup
from helpdesk.billing.services.reconciliation import ImportOptions
from helpdesk.demo.paper import paper
from helpdesk.demo.people import ORGANISATIONS
from helpdesk.demo.usage import usage_csv
from helpdesk.files.store import FileStore

_HOLD_DAYS = 5


def load_desk(session: Session, people: dict[str, User], *, store: FileStore, now: datetime) -> None:
    """What the partner's own people see under Billing."""
    lead = people["mei.lin@partner.example"]
    _price(session, lead, now=now)
    _usage(session, lead, store=store, now=now)
    _pay_old_files(session)
    _read_invoices(session, now=now)
    _send_slip(session, people["zhou.min@mingde.example"], store=store, now=now)


def _price(session: Session, by: User, *, now: datetime) -> None:
    set_markup(session, offer_id="", percent=Decimal("12.5"), by=by, now=now)
    dearest = session.scalars(select(Subscription).order_by(Subscription.unit_price.desc()).limit(1)).one()
    set_markup(session, offer_id=dearest.offer_id, percent=Decimal("8.0"), by=by, now=now)


def _usage(session: Session, by: User, *, store: FileStore, now: datetime) -> None:
    """One usage file is taken in and not billed yet; the corrected one waits to be looked at."""
    customers = {customer.tenant_id: customer for customer in session.scalars(select(Customer))}
    chosen = [customers[organisation.tenant_id] for organisation in ORGANISATIONS[3:6]]
    options = ImportOptions(kind="usage")
    text = usage_csv(session, chosen, today=now.date()).encode("utf-8-sig")
    import_reconciliation(session, io.BytesIO(text), name="usage.csv", now=now, by=by, options=options)
    corrected = usage_csv(session, chosen, today=now.date(), corrected=True).encode("utf-8-sig")
    receive_import(
        session,
        io.BytesIO(corrected),
        name="usage-corrected.csv",
        kind=ImportKind.USAGE,
        billed_on=now.date(),
        store=store,
        by=by,
        now=now,
    )


def _pay_old_files(session: Session) -> None:
    """The partner paid what came before; the newest license-based file is due soon."""
    files = session.scalars(
        select(ReconciliationFile).where(ReconciliationFile.kind == "license").order_by(ReconciliationFile.id)
    ).all()
    for file in files[:-1]:
        file.paid_on = file.billed_on + timedelta(days=26)
    session.flush()


def _read_invoices(session: Session, *, now: datetime) -> None:
    """Two invoices as Partner Center would say them: an old one that its file explains, and one with more on it."""
    owed = [each for each in payables(session) if each.kind == "license"]
    for number, (file, more) in enumerate([(owed[1], 0), (owed[0], 31_860)]):
        invoice = VnetInvoice(
            number=f"D0200{5 + number}YFHI",
            billed_on=file.billed_on,
            currency=file.amount.currency,
            total_minor=file.amount.minor + more,
            paid_raw=Decimal(0),
            document_type="invoice",
            read_at=now,
            paid_on=file.paid_on,
        )
        session.add(invoice)
        session.flush()
        session.get_one(ReconciliationFile, file.id).vnet_invoice_id = invoice.id
    session.flush()


def _send_slip(session: Session, contact: User, *, store: FileStore, now: datetime) -> None:
    """A customer that is late has paid, it says."""
    statement = invoices_visible_to(contact).order_by(Invoice.due_on.desc()).limit(1)
    invoice = session.scalars(statement).one()
    send_proof(
        session,
        invoice,
        file=paper("bank-transfer.pdf", "Bank transfer, demonstration"),
        amount=balance_of(invoice).outstanding,
        paid_on=now.date() - timedelta(days=1),
        reference=f"{invoice.number} MINGDE",
        hold_days=_HOLD_DAYS,
        store=store,
        by=contact,
        now=now - timedelta(hours=3),
    )
