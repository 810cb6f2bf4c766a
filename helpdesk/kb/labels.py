"""The words readers and editors see for our closed sets."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.kb.desk_models import ReviewStep, TaskKind
from helpdesk.kb.models import Audience, Status

AUDIENCES: Final[dict[Audience, LazyString]] = {
    Audience.PUBLIC: _l("Everyone"),
    Audience.CUSTOMERS: _l("Signed-in customers"),
    Audience.AGENTS: _l("Our own people"),
}
STATUSES: Final[dict[Status, LazyString]] = {
    Status.DRAFT: _l("Draft"),
    Status.IN_REVIEW: _l("In review"),
    Status.PUBLISHED: _l("Published"),
    Status.ARCHIVED: _l("Archived"),
}
REASONS: Final[dict[str, LazyString]] = {
    "not_my_question": _l("It does not answer my question"),
    "unclear": _l("I do not understand it"),
    "wrong": _l("It is wrong or out of date"),
    "policy": _l("I understand it, but I do not agree with it"),
    "other": _l("Something else"),
}
STANDINGS: Final[dict[str, LazyString]] = {
    "fresh": _l("Up to date"),
    "stale": _l("Source changed"),
    "missing": _l("Not translated"),
    "draft": _l("Draft"),
    "review_due": _l("Review due"),
    "archived": _l("Archived"),
}
TASK_KINDS: Final[dict[TaskKind, LazyString]] = {
    TaskKind.NO_RESULT: _l("Searched for, nothing found"),
    TaskKind.NO_CLICK: _l("Found, but nobody opened it"),
    TaskKind.UNHELPFUL: _l("Did not help"),
    TaskKind.TICKETS: _l("Asked in tickets"),
    TaskKind.NOT_DEFLECTED: _l("Opened, and a ticket was sent all the same"),
}
REVIEW_STEPS: Final[dict[ReviewStep, LazyString]] = {
    ReviewStep.SUBMITTED: _l("Handed in for review"),
    ReviewStep.COMMENT: _l("Comment"),
    ReviewStep.RETURNED: _l("Sent back"),
    ReviewStep.APPROVED: _l("Approved and published"),
}
