"""One of every object that an address can name, most of it of 兰亭设计."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.addresses.services import ask_for_change
from helpdesk.accounts.invitations.services import invite
from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.recovery.services import ask_for_reset
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.billing.models import Invoice, InvoiceStatus, PaymentProof, Subscription
from helpdesk.clock import utc_now
from helpdesk.collections.models import (
    CollectionsHold,
    PolicyException,
    SuspensionCase,
    SuspensionNotice,
)
from helpdesk.escalations.models import ContactFile, Escalation
from helpdesk.extensions import settings
from helpdesk.files.store import file_store
from helpdesk.files.uploads import checked_uploads
from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.kb.models import Article, ArticleImage
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.unsubscribing import unsubscribe_url
from helpdesk.permissions import Role
from helpdesk.tickets.models import AgentGroup, AssignmentRule, CustomField, Draft, Macro, SavedView, Topic
from helpdesk.tickets.queries import visible_ticket
from helpdesk.tickets.services import add_note, copy_in, invite_guest, open_ticket
from helpdesk.workcalendar.services import partner_calendar
from tests.mailed import token
from tests.security.house import PEOPLE
from tests.unit.files.samples import pdf, png, upload


def make_objects(session: Session) -> dict[str, dict[str, Any]]:
    """Values for addresses by the name under which the matrix knows them."""
    people = {who: _one(session, User, User.email == email) for who, email in PEOPLE.items()}
    lanting = people["contact"].customer
    assert lanting is not None
    return {
        "-": {},
        "language": {"locale": "en"},
        "year": {"year": 2027},
        "day": {"day": "2026-12-31"},
        "topic": {"topic": "fapiao"},
        **_running(session, people),
        **_tickets(session, people),
        **_money(session, lanting, people),
        **_notices(session, lanting, people),
        **_escalation(session),
        **_articles(session),
        **_mail(session, people),
        **_own(session, people),
        **_accounts(session, people),
    }


def _one(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool]) -> Any:
    found = session.scalars(sa.select(model).where(*conditions)).first()
    assert found is not None, f"the demonstration has no {model.__name__} of that kind"
    return found


def _tickets(session: Session, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    store = file_store(settings())
    made: dict[str, dict[str, Any]] = {}
    for who in ("contact", "member", "other"):
        ticket = open_ticket(
            session,
            by=people[who],
            topic=Topic.QUESTION,
            subject=f"A question of {people[who].name}",
            body="Why is it more than last month?",
            now=utc_now(),
            calendar=partner_calendar("Asia/Shanghai"),
            files=checked_uploads([upload("银行回单.pdf", pdf())]),
            store=store,
            idempotency_key=f"matrix {who}",
        )
        note = add_note(
            session, ticket, body="An internal note.", by=people["agent"], now=utc_now(),
            files=checked_uploads([upload("internal.png", png())]), store=store,
        )  # fmt: skip
        session.flush()
        made[f"ticket of {who}"] = {"number": ticket.number}
        made[f"file of {who}"] = {"public_id": ticket.messages[0].attachments[0].public_id}
        made[f"internal file at {who}"] = {"public_id": note.attachments[0].public_id}
    return made | _guests(session, people, {"file_id": made["file of contact"]["public_id"]}, made)


def _guests(
    session: Session, people: dict[str, User], file: dict[str, Any], made: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """A colleague and somebody from outside on the contact's tickets; a copy at the ticket that nobody else sees."""
    now, contact, secret = utc_now(), people["contact"], settings().secret()
    ticket = visible_ticket(session, contact, made["ticket of contact"]["number"])
    assert ticket is not None
    guest = invite_guest(session, ticket, email="ma.lin@audit.example", locale="en", by=contact, secret=secret, now=now)
    shared = open_ticket(
        session, by=contact, topic=Topic.QUESTION, subject="A shared question", body="Who knows this invoice?",
        now=now, calendar=partner_calendar("Asia/Shanghai"), idempotency_key="matrix shared",
    )  # fmt: skip
    copy_in(session, shared, person=people["member"], by=contact, now=now)
    number, hers = {"number": ticket.number}, {"public_id": people["member"].public_id}
    return {
        "copy of member": {"number": shared.number} | hers,
        "no copy of member": number | hers,
        "guest of contact": number | {"public_id": guest.public_id},
        "guest of another ticket": {"number": shared.number, "public_id": guest.public_id},
        "guest's page": {"public_id": guest.public_id},
        "guest's file": {"public_id": guest.public_id} | file,
        "absent guest": {"public_id": "2" * 16},
        "guest's link": {"token": token(session, "guest_invited")},
    }


def _running(session: Session, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    rule = _one(session, AssignmentRule, AssignmentRule.position > 1)
    return {
        "field": {"public_id": _one(session, CustomField).public_id},
        "field to move": {"public_id": _one(session, CustomField).public_id, "deed": "up"},
        "rule": {"public_id": rule.public_id},
        "rule to move": {"public_id": rule.public_id, "deed": "up"},
        "group": {"public_id": _one(session, AgentGroup).public_id},
        "agent": {"public_id": people["agent"].public_id},
        "member": {"public_id": people["member"].public_id},
    }


def _money(session: Session, lanting: Customer, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    invoice = _one(session, Invoice, Invoice.customer_id == lanting.id, Invoice.status == InvoiceStatus.ISSUED)
    proof = _one(session, PaymentProof)
    proof.invoice_id, proof.sent_by_id = invoice.id, people["contact"].id
    draft = Invoice(
        number="INV-2026-9001", customer_id=lanting.id, status=InvoiceStatus.DRAFT, issued_on=invoice.issued_on,
        due_on=invoice.due_on, period_start=invoice.period_start,
        period_end=invoice.period_end, currency="CNY", created_at=utc_now(),
    )  # fmt: skip
    session.add(draft)
    session.flush()
    file_store(settings()).put(checked_uploads([upload("proof.pdf", pdf())])[0])
    return {
        "invoice": {"number": invoice.number},
        "draft invoice": {"number": draft.number},
        "line": {"public_id": invoice.lines[0].public_id},
        "proof": {"public_id": proof.public_id},
        "import": {"public_id": session.execute(sa.text("SELECT public_id FROM billing_import")).scalar_one()},
        "21Vianet's file": {
            "file_id": session.execute(sa.text("SELECT min(id) FROM reconciliation_file")).scalar_one()
        },
        "21Vianet's invoice": {"invoice_id": session.execute(sa.text("SELECT min(id) FROM vnet_invoice")).scalar_one()},
    }


def _notices(session: Session, lanting: Customer, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    now, lead = utc_now(), people["lead"]
    notice = _one(session, SuspensionNotice, SuspensionNotice.customer_id == lanting.id)
    case = _one(session, SuspensionCase)
    hold = CollectionsHold(
        customer_id=lanting.id, until=now.date() + timedelta(days=3), reason="They are abroad.",
        created_at=now, created_by_id=lead.id,
    )  # fmt: skip
    exception = PolicyException(
        customer_id=lanting.id, extra_days=5, until=now.date() + timedelta(days=30), reason="A merger.",
        created_at=now, created_by_id=lead.id,
    )  # fmt: skip
    session.add_all([hold, exception])
    session.flush()
    subscription = _one(session, Subscription, Subscription.customer_id == lanting.id)
    return {
        "policy": {"version": 1},
        "notice": {"public_id": notice.public_id},
        "suspension": {"public_id": case.public_id},
        "customer": {"public_id": lanting.public_id},
        "hold": {"public_id": lanting.public_id, "hold_id": hold.public_id},
        "exception": {"public_id": lanting.public_id, "exception_id": exception.public_id},
        "subscription": {"public_id": subscription.public_id},
    }


def _escalation(session: Session) -> dict[str, dict[str, Any]]:
    case = _one(session, Escalation)
    content = checked_uploads([upload("answer.pdf", pdf())])[0]
    file_store(settings()).put(content)
    file = ContactFile(
        contact_id=case.contacts[0].id, filename="answer.pdf", content_type="application/pdf",
        size=content.size, sha256=content.sha256,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return {
        "case": {"public_id": case.public_id},
        "packet": {"public_id": case.public_id, "revision": 1},
        "21Vianet's attachment": {"public_id": file.public_id},
    }


def _articles(session: Session) -> dict[str, dict[str, Any]]:
    public = _one(session, Article, Article.slug == "partial-payments")
    internal = _one(session, Article, Article.audience != "public")
    for article, name in ((public, "shown.png"), (internal, "hidden.png")):
        session.add(
            ArticleImage(article_id=article.id, name=name, content_type="image/png", sha256="0" * 64, data=png())
        )
    session.flush()
    return {
        "article": {"locale": "en", "slug": public.slug, "tongue": "en"},
        "internal article": {"locale": "en", "slug": internal.slug, "tongue": "en"},
        "category": {"locale": "en", "slug": session.execute(sa.text("SELECT min(slug) FROM category")).scalar_one()},
        "picture": {"slug": public.slug, "name": "shown.png"},
        "internal picture": {"slug": internal.slug, "name": "hidden.png"},
        "plan": {"slug": public.slug, "tongue": "en", "plan": "publish"},
        "revision": {"slug": public.slug, "tongue": "en", "number": 1},
        "no task": {"number": 999999, "step": "take"},
    }


def _mail(session: Session, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    now = utc_now()
    incoming = IncomingMail(
        sha256="1" * 64, size=10, source="eml", sender="stranger@elsewhere.example", subject="A question",
        text="Who are you?", result=Result.QUARANTINED, reason=Reason.UNKNOWN_SENDER, received_at=now,
        keep_until=now + timedelta(days=30),
    )  # fmt: skip
    session.add(incoming)
    session.flush()
    sent = _one(session, OutboxMessage, OutboxMessage.recipient_id == people["contact"].id)
    token = next(
        url for message in session.scalars(sa.select(OutboxMessage)) if (url := unsubscribe_url(message))
    ).rpartition("/")[2]
    return {
        "mail received": {"public_id": incoming.public_id},
        "mail sent": {"public_id": sent.public_id},
        "link in a mail": {"token": token},
        "forged link": {"token": "x" + token},
    }


def _own(session: Session, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    now, contact, agent = utc_now(), people["contact"], people["agent"]
    row, _ = begin_session(session, contact, device="Firefox", address="127.0.0.1", now=now)
    draft = Draft(user_id=contact.id, place="new", fields={"subject": "A draft"}, updated_at=now)
    macro = Macro(name="Greeting", bodies={"en": "Hello"}, updated_at=now, updated_by_id=agent.id)
    view = SavedView(owner_id=agent.id, name="Mine", query="owner=me", created_at=now)
    session.add_all([draft, macro, view])
    session.flush()
    return {
        "session of contact": {"public_id": row.public_id},
        "draft of contact": {"public_id": draft.public_id},
        "macro": {"public_id": macro.public_id},
        "view of agent": {"public_id": view.public_id},
        "static": {"filename": "css/app.css"},
        "bootstrap": {"filename": "css/bootstrap.min.css"},
    }


def _accounts(session: Session, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    now, contact, secret = utc_now(), people["contact"], settings().secret()
    ours = invite(
        session, email="new@lanting.example", role=Role.CUSTOMER_MEMBER, customer=contact.customer, locale="en",
        by=contact, secret=secret, now=now,
    )  # fmt: skip
    link = token(session, "invitation")
    staff = invite(
        session, email="new@partner.example", role=Role.AGENT, customer=None, locale="en",
        by=people["admin"], secret=secret, now=now,
    )  # fmt: skip
    ask_for_change(session, contact, email="other@lanting.example", secret=secret, now=now)
    ask_for_reset(session, email=contact.email, address=None, secret=secret, now=now)
    return {
        "invitation": {"public_id": ours.public_id},
        "invitation of staff": {"public_id": staff.public_id},
        "invitation link": {"token": link},
        "new address of contact": {"token": token(session, "email_confirm")},
        "reset link": {"token": token(session, "password_reset")},
    }
