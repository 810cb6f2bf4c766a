"""What may be read of tickets, one query a screen; each takes the person who asks."""

from helpdesk.tickets.queries.autoclose import Unanswered, unanswered_tickets
from helpdesk.tickets.queries.filtering import QueueFilter, QueueSort, QueueView, Vnet
from helpdesk.tickets.queries.portal import PortalFilter, portal_page
from helpdesk.tickets.queries.queue import queue_counts, queue_page
from helpdesk.tickets.queries.snapshot import Snapshot, customer_snapshot
from helpdesk.tickets.queries.visible import (
    attachment_visible,
    colleagues_to_copy,
    copied_on,
    may_see_internal,
    messages_visible_to,
    ticket_for_page,
    tickets_visible_to,
    visible_ticket,
)

__all__ = [
    "PortalFilter",
    "QueueFilter",
    "QueueSort",
    "QueueView",
    "Snapshot",
    "Unanswered",
    "Vnet",
    "attachment_visible",
    "colleagues_to_copy",
    "copied_on",
    "customer_snapshot",
    "may_see_internal",
    "messages_visible_to",
    "portal_page",
    "queue_counts",
    "queue_page",
    "ticket_for_page",
    "tickets_visible_to",
    "unanswered_tickets",
    "visible_ticket",
]
