"""The pages of tickets: the customer's, and the agents' queue."""

from helpdesk.tickets.views import (
    attachments,
    bulk,
    desk,
    drafting,
    joining,
    macros,
    new_ticket,
    portal,
    queue,
    resolve,
    settle,
    work,
)
from helpdesk.tickets.views.blueprints import portal_bp, queue_bp

blueprints = [portal_bp, queue_bp]

__all__ = [
    "attachments",
    "blueprints",
    "bulk",
    "desk",
    "drafting",
    "joining",
    "macros",
    "new_ticket",
    "portal",
    "queue",
    "resolve",
    "settle",
    "work",
]
