"""The words that people read for the closed sets of tickets."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from helpdesk.billing.models import DisputeState, SubscriptionState
from helpdesk.tickets.models import EventKind, LinkKind, Priority, TicketState, Topic
from helpdesk.tickets.queries.filtering import QueueSort, QueueView, Vnet
from helpdesk.tickets.queries.portal import PortalFilter
from helpdesk.tickets.rules.clocks import Party
from helpdesk.tickets.rules.promise import ClockWord
from helpdesk.tickets.rules.timeline import Step

STATES: Final = {
    TicketState.NEW: _l("New"),
    TicketState.OPEN: _l("Open"),
    TicketState.WAITING_CUSTOMER: _l("Waiting for the customer"),
    TicketState.WITH_21VIANET: _l("With 21Vianet"),
    TicketState.RESOLVED: _l("Resolved, not confirmed"),
    TicketState.CLOSED: _l("Closed"),
}
"""For agents."""

PORTAL_STATES: Final = {
    TicketState.NEW: _l("Received"),
    TicketState.OPEN: _l("Being worked on"),
    TicketState.WAITING_CUSTOMER: _l("Answered, waiting for you"),
    TicketState.WITH_21VIANET: _l("With 21Vianet"),
    TicketState.RESOLVED: _l("Solved? Please confirm"),
    TicketState.CLOSED: _l("Closed"),
}
"""The same for customers."""

STATE_TONES: Final = {
    TicketState.NEW: "info",
    TicketState.OPEN: "brand",
    TicketState.WAITING_CUSTOMER: "neutral",
    TicketState.WITH_21VIANET: "warn",
    TicketState.RESOLVED: "good",
    TicketState.CLOSED: "neutral",
}
PORTAL_TONES: Final = STATE_TONES | {TicketState.WAITING_CUSTOMER: "warn", TicketState.WITH_21VIANET: "info"}

TOPICS: Final = {
    Topic.QUESTION: _l("Question about a bill"),
    Topic.DISPUTE: _l("Dispute a charge"),
    Topic.REFUND: _l("Refund or credit"),
    Topic.PAYMENT_MADE: _l("Payment made"),
    Topic.FAPIAO: _l("Fapiao or invoice copy"),
    Topic.SUSPENSION: _l("Suspension and reactivation"),
    Topic.POLICY: _l("Collections policy"),
    Topic.OTHER: _l("Something else"),
}
TOPIC_HINTS: Final = {
    Topic.QUESTION: _l("You do not understand an invoice or a charge."),
    Topic.DISPUTE: _l("A charge is wrong. Its amount does not become overdue while we look at it."),
    Topic.REFUND: _l("You expect money back, or a credit on your next invoice."),
    Topic.PAYMENT_MADE: _l("You have paid, and want us to see it. Attach the bank slip."),
    Topic.FAPIAO: _l("You need a fapiao, or one must be corrected."),
    Topic.SUSPENSION: _l("A subscription is or will be suspended."),
    Topic.POLICY: _l("You have a question about our payment and collection terms."),
    Topic.OTHER: _l("Anything else about billing."),
}
TOPIC_ICONS: Final = {
    Topic.QUESTION: "question-circle",
    Topic.DISPUTE: "flag",
    Topic.REFUND: "arrow-counterclockwise",
    Topic.PAYMENT_MADE: "cash-coin",
    Topic.FAPIAO: "file-earmark-text",
    Topic.SUSPENSION: "pause-circle",
    Topic.POLICY: "calendar-check",
    Topic.OTHER: "three-dots",
}
PRIORITIES: Final = {
    Priority.URGENT: _l("Urgent"),
    Priority.HIGH: _l("High"),
    Priority.NORMAL: _l("Normal"),
    Priority.LOW: _l("Low"),
}
STEPS: Final = {
    Step.RECEIVED: _l("Received"),
    Step.WORKED_ON: _l("Being worked on"),
    Step.WITH_21VIANET: _l("With 21Vianet"),
    Step.ANSWERED: _l("Answered"),
    Step.CLOSED: _l("Closed"),
}
PORTAL_EVENTS: Final = {
    EventKind.OPENED: _l("We received your ticket."),
    EventKind.ESCALATED: _l("We asked 21Vianet, which operates the service. We stay your contact."),
    EventKind.VNET_ANSWERED: _l("21Vianet answered us. We are preparing our answer to you."),
    EventKind.RESOLVED: _l("We explained what was done and asked you to confirm."),
    EventKind.CONFIRMED: _l("You confirmed that it is solved. The ticket is closed."),
    EventKind.CLOSED: _l("The ticket was closed because we heard nothing more from you."),
    EventKind.REOPENED: _l("It was not solved yet. The ticket is open again."),
}
VIEWS: Final = {
    QueueView.MINE: _l("Mine"),
    QueueView.UNASSIGNED: _l("Unassigned"),
    QueueView.AWAY: _l("Owner away"),
    QueueView.NEW: _l("New"),
    QueueView.SOON: _l("Breaching soon"),
    QueueView.WAITING: _l("Waiting for the customer"),
    QueueView.VNET: _l("With 21Vianet"),
    QueueView.UNCONFIRMED: _l("Resolved, not confirmed"),
    QueueView.ALL: _l("All tickets"),
}
SORTS: Final = {
    QueueSort.CLOCK: _l("Most urgent first"),
    QueueSort.PRIORITY: _l("Highest priority first"),
    QueueSort.AGE: _l("Oldest first"),
    QueueSort.UPDATED: _l("Latest change first"),
}
VNET: Final = {
    Vnet.NOW: _l("with 21Vianet now"),
    Vnet.BEFORE: _l("back from 21Vianet"),
    Vnet.NEVER: _l("never with 21Vianet"),
}
PARTIES: Final = {
    Party.US: _l("Our time"),
    Party.CUSTOMER: _l("Customer’s time"),
    Party.VNET: _l("21Vianet’s time"),
}
LINKS_AWAY: Final = {
    LinkKind.RELATED: _l("belongs to it"),
    LinkKind.MERGED: _l("this ticket was merged into it"),
    LinkKind.SPLIT: _l("this ticket was split off it"),
    LinkKind.FOLLOW_UP: _l("this ticket follows it"),
}
LINKS_BACK: Final = {
    LinkKind.RELATED: _l("belongs to it"),
    LinkKind.MERGED: _l("was merged into this ticket"),
    LinkKind.SPLIT: _l("was split off this ticket"),
    LinkKind.FOLLOW_UP: _l("follows this ticket"),
}
AGES: Final = {"1": _l("a day"), "3": _l("3 days"), "7": _l("a week"), "30": _l("30 days")}
"""Ages that the filter offers, in days."""
PORTAL_FILTERS: Final = {
    PortalFilter.ALL: _l("All"),
    PortalFilter.OPEN: _l("Open"),
    PortalFilter.YOUR_TURN: _l("Waiting for you"),
    PortalFilter.CLOSED: _l("Closed"),
}
RATINGS: Final = {
    5: _l("Very satisfied"),
    4: _l("Satisfied"),
    3: _l("Neutral"),
    2: _l("Dissatisfied"),
    1: _l("Very dissatisfied"),
}
DECISIONS: Final = {
    DisputeState.GRANTED: _l("The customer is right: give credit"),
    DisputeState.DECLINED: _l("The charge stands: the dispute is declined"),
    DisputeState.WITHDRAWN: _l("The customer withdraws the dispute"),
}
DISPUTES: Final = {
    DisputeState.OPEN: _l("open"),
    DisputeState.WITHDRAWN: _l("withdrawn"),
    DisputeState.GRANTED: _l("granted"),
    DisputeState.DECLINED: _l("declined"),
}
SUBSCRIPTIONS: Final = {
    SubscriptionState.ACTIVE: _l("active"),
    SubscriptionState.SUSPENDED: _l("suspended"),
    SubscriptionState.CANCELLED: _l("cancelled"),
    SubscriptionState.DELETED: _l("deleted"),
}
CLOCK_TONES: Final = {
    ClockWord.LEFT: "good",
    ClockWord.SOON: "warn",
    ClockWord.LATE: "bad",
    ClockWord.CUSTOMER: "neutral",
    ClockWord.VNET: "neutral",
    ClockWord.CONFIRMATION: "neutral",
    ClockWord.DONE: "neutral",
}
_CLOCKS: Final = {
    ClockWord.CUSTOMER: _l("the customer's turn"),
    ClockWord.VNET: _l("counted apart"),
    ClockWord.CONFIRMATION: _l("waits for confirmation"),
    ClockWord.DONE: _l("done"),
}


def clock_words(word: ClockWord, span: str) -> str:
    """A clock in words; `span` is the time left or past, such as “3 hours”."""
    if word is ClockWord.LATE:
        return str(_("late by %(span)s", span=span))
    if word in _CLOCKS:
        return str(_CLOCKS[word])
    return str(_("%(span)s left", span=span))
