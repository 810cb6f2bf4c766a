"""A triaged ticket about a charge that came with a reconciliation file, and a case about it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import Invoice, ReconciliationRow
from helpdesk.billing.services import import_reconciliation, invoice_from_rows
from helpdesk.billing.services.reconciliation import ImportOptions
from helpdesk.escalations.models import Channel, Direction, Escalation, EscalationReason
from helpdesk.escalations.rules import CasePolicy, GateAnswers
from helpdesk.escalations.services import Calendars, Said, open_case, record_filing
from helpdesk.files.uploads import checked_uploads
from helpdesk.tickets.models import Priority, Ticket, Topic
from helpdesk.tickets.services import add_note, open_ticket, triage
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar
from tests.cast import Cast
from tests.unit.billing.making import csv_text
from tests.unit.files.samples import upload

POLICY = CasePolicy(partner_name="蓝禾云", approval_above=50_000, new_agent_days=14)
CALENDARS = Calendars(vnet=vnet_calendar(), partner=partner_calendar("Asia/Shanghai"))
_numbers = count(1)


def reconcile(
    session: Session, *rows: dict[str, str], now: datetime, name: str = "2026-10.csv"
) -> list[ReconciliationRow]:
    """Import a file of those rows, each the usual row with some cells changed."""
    stream = io.BytesIO(csv_text(rows).encode())
    report = import_reconciliation(session, stream, name=name, now=now, options=ImportOptions(replace=False))
    assert report.file is not None
    statement = select(ReconciliationRow).where(ReconciliationRow.file_id == report.file.id)
    return list(session.scalars(statement.order_by(ReconciliationRow.id)))


def bill(session: Session, cast: Cast, *, now: datetime, **cells: str) -> Invoice:
    """Bill one charge to Lanting."""
    number = f"INV-E-{next(_numbers):04}"
    own = {"CustomerId": cast.lanting.tenant_id, "OfferId": f"MS-{number}"}
    rows = reconcile(session, own | cells, now=now)
    return invoice_from_rows(
        session, cast.lanting, rows, number=number, issued_on=date(2026, 9, 15), due_on=date(2026, 10, 15), now=now
    )


def ask(
    session: Session,
    cast: Cast,
    *,
    now: datetime,
    topic: Topic = Topic.DISPUTE,
    invoice: Invoice | None = None,
    **more: Any,
) -> Ticket:
    """Wang Fang asks, Tom triages and notes what he tried. Tom has been here for long."""
    cast.tom.created_at = now - timedelta(days=400)
    ticket = open_ticket(
        session,
        by=cast.wang_fang,
        topic=topic,
        subject="席位数量不对",
        body="我们只有 12 个席位，却收了 15 个。",
        now=now,
        calendar=CALENDARS.partner,
        idempotency_key=f"stage-{next(_numbers)}",
        line=invoice.lines[0] if invoice else None,
        **more,
    )
    triage(session, ticket, topic=topic, priority=Priority.HIGH, owner=cast.tom, by=cast.tom, now=now)
    add_note(session, ticket, body="INTERNAL-CANARY margin is 18 %, seat history shows 12.", by=cast.tom, now=now)
    return ticket


def answers_for(ticket: Ticket, **changed: Any) -> GateAnswers:
    """What Tom says at the gate."""
    values: dict[str, Any] = {
        "reason": EscalationReason.SUPPORT_TOOLS,
        "reason_text": "席位记录只在账单平台中，我方无法查看。",
        "facts": "客户自 7 月 20 日起为 12 个席位，仍按 15 个收费。",
        "tried": "核对了合作伙伴中心的席位变更记录与对账文件。",
        "contact_name": "Tom Becker",
        "contact_detail": "tom@partner.example",
        "lines": tuple(ticket.lines),
        "notes": (ticket.messages[-1],),
    }
    return GateAnswers(**(values | changed))


def prepared(
    session: Session, cast: Cast, *, now: datetime, ticket: Ticket | None = None, **changed: Any
) -> Escalation:
    """A case that is ready to be filed."""
    ticket = ticket or ask(session, cast, now=now, invoice=bill(session, cast, now=now))
    return open_case(session, ticket, answers=answers_for(ticket, **changed), by=cast.tom, policy=POLICY, now=now)


def filed(session: Session, cast: Cast, *, now: datetime, ticket: Ticket | None = None, number: str = "") -> Escalation:
    """A case that is with 21Vianet."""
    case = prepared(session, cast, now=now, ticket=ticket)
    number = number or f"SR-2026-{next(_numbers):05}"
    return record_filing(session, case, request_number=number, by=cast.tom, now=now, calendar=CALENDARS.vnet)


def vnet_said(at: datetime, text: str = "已核实。") -> Said:
    """A word of 21Vianet."""
    return Said(at=at, channel=Channel.PORTAL, direction=Direction.FROM_21VIANET, text=text, who="张伟")


def files(*named: tuple[str, bytes]) -> Sequence[Any]:
    """Checked files with those names and contents."""
    return checked_uploads([upload(name, content) for name, content in named])


def csv_rows(data: bytes) -> list[list[str]]:
    """The cells of a CSV."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
