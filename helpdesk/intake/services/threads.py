"""Which ticket a mail says it belongs to: by our signed address or by a Message-ID of ours, never by a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.intake.models import Reason
from helpdesk.intake.parsing import Mail
from helpdesk.intake.queries import our_delivery
from helpdesk.intake.services.house import House
from helpdesk.notifications.reply_address import read_reply_address
from helpdesk.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Thread:
    """What a mail names."""

    ticket: Ticket | None = None
    reason: Reason | None = None
    person_id: int | None = None
    """For whom the token was signed: nobody else may use it."""
    guest_id: int | None = None
    """The same where it was signed for a guest."""
    is_forged: bool = False


def thread_of(session: Session, mail: Mail, *, recipients: Iterable[str], house: House) -> Thread:
    """The ticket that the mail names, if any; a signature of ours counts more than a Message-ID."""
    forged = False
    for address in dict.fromkeys([*recipients, *mail.recipients]):
        token = read_reply_address(address, domain=house.reply_domain, secrets=house.secrets)
        if token is None:
            continue
        ticket = session.get(Ticket, token.ticket_id) if token.is_ours else None
        if ticket is not None:
            return Thread(ticket, Reason.TOKEN, token.user_id, token.guest_id)
        forged = True
    delivery = our_delivery(session, mail.references)
    if delivery is not None and delivery.subject_type == "ticket":
        ticket = session.get(Ticket, delivery.subject_id)
        return Thread(ticket, Reason.MESSAGE_ID if ticket else None, is_forged=forged)
    return Thread(is_forged=forged)
