"""What may happen to a case with 21Vianet, and when. Pure: values in, values out, or a refusal in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.billing.models import InvoiceLine, Subscription
from helpdesk.errors import DomainError
from helpdesk.escalations.models import (
    ApprovalCause,
    ContactEffect,
    Escalation,
    EscalationReason,
    EscalationState,
    Outcome,
    Severity,
)
from helpdesk.kb.models import Article
from helpdesk.limits import FOLLOW_UP_WORKING_HOURS, INFORMATION_WORKING_HOURS
from helpdesk.money import Money
from helpdesk.permissions import Permission, Role, may
from helpdesk.tickets.models import Attachment, Ticket, TicketMessage, TicketState
from helpdesk.tickets.rules.states import may_escalate
from helpdesk.workcalendar.rules import WorkCalendar

_S = EscalationState
TRANSITIONS: Final[dict[EscalationState, frozenset[EscalationState]]] = {
    _S.AWAITING_APPROVAL: frozenset({_S.PREPARED, _S.WITHDRAWN}),
    _S.PREPARED: frozenset({_S.AWAITING_APPROVAL, _S.FILED, _S.WITHDRAWN}),
    _S.FILED: frozenset({_S.INFORMATION_REQUESTED, _S.ANSWERED, _S.WITHDRAWN}),
    _S.INFORMATION_REQUESTED: frozenset({_S.FILED, _S.ANSWERED, _S.WITHDRAWN}),
    _S.ANSWERED: frozenset({_S.FILED, _S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
"""awaiting_approval <-> prepared -> filed <-> information_requested; both of these -> answered -> closed;
answered -> filed when the answer does not settle it; any that is not answered yet -> withdrawn."""

EFFECTS: Final[dict[EscalationState, tuple[ContactEffect, ...]]] = {
    _S.FILED: (ContactEffect.NONE, ContactEffect.INFORMATION_REQUESTED),
    _S.INFORMATION_REQUESTED: (ContactEffect.NONE, ContactEffect.INFORMATION_GIVEN),
}
"""What a contact may change while a case is in that state; in any other it changes nothing."""

_REQUEST_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{3,58}[A-Z0-9]")


class StepNotPossible(DomainError):
    """The case has moved on since you opened the page, so this step is not possible. Look at where it stands now."""


class NotTriaged(DomainError):
    """Triage the ticket first: its topic, priority and owner must stand before 21Vianet is asked."""


class TicketNotBeingWorked(DomainError):
    """Only a ticket that is being worked on can be escalated. Reopen it first if the question is still open."""


class AlreadyEscalated(DomainError):
    """This ticket already has an open case with 21Vianet. Carry on there; a second one would split the thread."""


class NothingShown(DomainError):
    """Link at least one article you followed or one message of this ticket that shows what was tried."""


class EvidenceOfAnotherTicket(DomainError):
    """Only invoice lines, subscriptions, files and messages of this ticket’s own customer can be part of the case."""


class NotYoursToApprove(DomainError):
    """A case is approved by a lead who did not prepare it."""


class NotARequestNumber(DomainError):
    """Enter the request number as Partner Center shows it: 5 to 60 letters, digits and hyphens."""


class RequestNumberTaken(DomainError):
    """This request number already belongs to the case of %(ticket)s. Check the number in Partner Center."""


class FiledInTheFuture(DomainError):
    """The moment lies in the future. Record only what has already happened."""


class CreditMissing(DomainError):
    """Enter the credit that 21Vianet granted, as an amount above zero."""


class CustomerNotTold(DomainError):
    """Tell the customer what 21Vianet answered before you close the case."""


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What the partner chose: when a lead approves, and the name under which it speaks to 21Vianet."""

    partner_name: str
    approval_above: int
    """Major units of the customer's currency."""
    new_agent_days: int


def check_step(current: EscalationState, to: EscalationState) -> None:
    """Raise `StepNotPossible` unless a case may go from `current` to `to`."""
    if to not in TRANSITIONS[current]:
        raise StepNotPossible


@dataclass(frozen=True, slots=True)
class GateAnswers:
    """What the gate asks of the agent before 21Vianet is asked."""

    reason: EscalationReason
    reason_text: str
    facts: str
    tried: str
    contact_name: str
    contact_detail: str
    severity: Severity = Severity.MODERATE
    tried_article: Article | None = None
    notes: tuple[TicketMessage, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    subscription: Subscription | None = None
    attachments: tuple[Attachment, ...] = ()

    @classmethod
    def of(cls, case: Escalation) -> GateAnswers:
        """Give the answers that a case holds now."""
        return cls(
            reason=case.reason,
            reason_text=case.reason_text,
            facts=case.facts,
            tried=case.tried,
            contact_name=case.contact_name,
            contact_detail=case.contact_detail,
            severity=case.severity,
            tried_article=case.tried_article,
            notes=tuple(case.notes),
            lines=tuple(case.lines),
            subscription=case.subscription,
            attachments=tuple(case.attachments),
        )


def check_ticket(*, state: TicketState, triaged_at: datetime | None) -> None:
    """Raise unless a ticket in `state` may be escalated: triaged, and being worked on."""
    if triaged_at is None:
        raise NotTriaged
    if not may_escalate(state):
        raise TicketNotBeingWorked


def check_answers(answers: GateAnswers, *, ticket_id: int, customer_id: int) -> None:
    """Raise unless something shows what was tried, and everything chosen belongs to this ticket and customer."""
    if answers.tried_article is None and not answers.notes:
        raise NothingShown
    customers = {line.invoice.customer_id for line in answers.lines}
    if answers.subscription is not None:
        customers.add(answers.subscription.customer_id)
    tickets = {message.ticket_id for message in answers.notes}
    tickets |= {attachment.message.ticket_id for attachment in answers.attachments}
    if customers - {customer_id} or tickets - {ticket_id}:
        raise EvidenceOfAnotherTicket


def approval_cause(role: Role, *, amount: Money | None, above: Money, is_new: bool) -> ApprovalCause | None:
    """Say why a lead must look first: too much money, or an agent who has not done this often; None for no reason.

    Who may approve needs no approval. `above` is the partner's own limit; an amount equal to it passes.
    """
    if may(role, Permission.ESCALATIONS_APPROVE):
        return None
    if amount is not None and amount.currency == above.currency and amount > above:
        return ApprovalCause.AMOUNT
    return ApprovalCause.NEW_AGENT if is_new else None


def is_new_agent(joined_at: datetime, *, now: datetime, policy: CasePolicy) -> bool:
    """Whether an agent joined so lately that a lead looks at the cases first."""
    return now - joined_at < timedelta(days=policy.new_agent_days)


def amount_at_stake(ticket: Ticket, lines: Iterable[InvoiceLine]) -> Money | None:
    """Give the disputed amount, else the amount the customer named, else the chosen lines' total."""
    if ticket.dispute is not None:
        return ticket.dispute.amount
    if ticket.amount_minor:
        return Money(ticket.amount_minor, ticket.customer.currency)
    totals = [line.total for line in lines]
    return sum(totals[1:], totals[0]) if totals else None


def next_check(after: datetime, calendar: WorkCalendar) -> datetime:
    """Say when to look again: a number of 21Vianet's working hours later."""
    return calendar.add_hours(after, FOLLOW_UP_WORKING_HOURS)


def information_due(asked_at: datetime, calendar: WorkCalendar) -> datetime:
    """Say until when 21Vianet must have what it asked of us, in our own working hours."""
    return calendar.add_hours(asked_at, INFORMATION_WORKING_HOURS)


def check_told(*, explained_at: datetime | None, answered_at: datetime | None) -> None:
    """Raise `CustomerNotTold` unless the customer got an explanation after 21Vianet's answer."""
    if explained_at is None or answered_at is None or explained_at < answered_at:
        raise CustomerNotTold


def request_number_of(text: str) -> str:
    """Read a request number as a person types it; upper case, no spaces. Raises `NotARequestNumber`."""
    number = "".join(text.split()).upper()
    if not _REQUEST_NUMBER.fullmatch(number):
        raise NotARequestNumber
    return number


def check_credit(outcome: Outcome, credit: Money | None) -> None:
    """Raise `CreditMissing` where 21Vianet granted something and the amount is not above zero."""
    if outcome is Outcome.GRANTED and (credit is None or credit.minor <= 0):
        raise CreditMissing


def may_join_mail(*, sender: str, text: str, request_number: str, domains: Iterable[str]) -> bool:
    """Whether a mail belongs to a case: it names the request number *and* comes from a known 21Vianet domain."""
    domain = sender.rpartition("@")[2].strip().lower()
    known = any(domain == each or domain.endswith(f".{each}") for each in domains)
    named = re.search(rf"(?<![A-Z0-9-]){re.escape(request_number)}(?![A-Z0-9-])", text.upper())
    return known and named is not None
