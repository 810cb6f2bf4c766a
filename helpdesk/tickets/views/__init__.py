"""The pages of tickets: the customer's, and the agents' queue."""

from helpdesk.tickets.views import (
    assignment,
    attachments,
    bulk,
    calendar,
    desk,
    drafting,
    fields,
    guests,
    inviting,
    joining,
    loops,
    macros,
    new_ticket,
    people,
    portal,
    queue,
    resolve,
    running,
    settle,
    targets,
    work,
)
from helpdesk.tickets.views.blueprints import desk_bp, guest_bp, portal_bp, queue_bp

blueprints = [portal_bp, queue_bp, desk_bp, guest_bp]

__all__ = [
    "assignment",
    "attachments",
    "blueprints",
    "bulk",
    "calendar",
    "desk",
    "drafting",
    "fields",
    "guests",
    "inviting",
    "joining",
    "loops",
    "macros",
    "new_ticket",
    "people",
    "portal",
    "queue",
    "resolve",
    "running",
    "settle",
    "targets",
    "work",
]
