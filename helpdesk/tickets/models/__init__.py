"""Tickets, their messages, attachments and events; drafts; and what the desk keeps beside them."""

from helpdesk.tickets.models.assignment import AgentGroup, AssignmentRule, Duty
from helpdesk.tickets.models.conversation import Attachment, TicketEvent, TicketMessage
from helpdesk.tickets.models.desk import Macro, Presence, SavedView, TicketLink, TicketTag, TicketToIndex
from helpdesk.tickets.models.drafts import Draft, DraftFile, SuggestionOpened
from helpdesk.tickets.models.fields import CustomField, FieldKind, FieldValue
from helpdesk.tickets.models.guests import TicketGuest
from helpdesk.tickets.models.targets import AnswerTarget
from helpdesk.tickets.models.ticket import (
    EventKind,
    LinkKind,
    MessageKind,
    Priority,
    Ticket,
    TicketCopy,
    TicketState,
    Topic,
    ticket_invoice_line,
)

__all__ = [
    "AgentGroup",
    "AnswerTarget",
    "AssignmentRule",
    "Attachment",
    "CustomField",
    "Draft",
    "DraftFile",
    "Duty",
    "EventKind",
    "FieldKind",
    "FieldValue",
    "LinkKind",
    "Macro",
    "MessageKind",
    "Presence",
    "Priority",
    "SavedView",
    "SuggestionOpened",
    "Ticket",
    "TicketCopy",
    "TicketEvent",
    "TicketGuest",
    "TicketLink",
    "TicketMessage",
    "TicketState",
    "TicketTag",
    "TicketToIndex",
    "Topic",
    "ticket_invoice_line",
]
