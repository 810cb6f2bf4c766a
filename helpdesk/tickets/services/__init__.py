"""What can be done with a ticket, one function a use case. They flush; their callers commit."""

from helpdesk.tickets.services.conversation import add_note, reply, reply_as_guest
from helpdesk.tickets.services.guests import come_in, end_guest, invite_again, invite_guest, send_new_link, uncopy
from helpdesk.tickets.services.hand_over import answered_by_21vianet, hand_to_21vianet
from helpdesk.tickets.services.opening import open_ticket
from helpdesk.tickets.services.resolving import (
    DisputeDecision,
    close_unanswered,
    confirm,
    rate,
    reopen,
    resolve_ticket,
)
from helpdesk.tickets.services.triage import NotAnAgent, assign, copy_in, triage

__all__ = [
    "DisputeDecision",
    "NotAnAgent",
    "add_note",
    "answered_by_21vianet",
    "assign",
    "close_unanswered",
    "come_in",
    "confirm",
    "copy_in",
    "end_guest",
    "hand_to_21vianet",
    "invite_again",
    "invite_guest",
    "open_ticket",
    "rate",
    "reopen",
    "reply",
    "reply_as_guest",
    "resolve_ticket",
    "send_new_link",
    "triage",
    "uncopy",
]
