"""The words readers and editors see for our closed sets."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.kb.checks.findings import Finding, Problem
from helpdesk.kb.desk_models import ReviewStep, TaskKind
from helpdesk.kb.folder.outcomes import IMPORTED, Action
from helpdesk.kb.models import Audience, Status

AUDIENCES: Final[dict[Audience, LazyString]] = {
    Audience.PUBLIC: _l("Everyone"),
    Audience.CUSTOMERS: _l("Signed-in customers"),
    Audience.AGENTS: _l("Our own people"),
}
NOTES: Final = {IMPORTED: _l("Imported from a file.")}
"""Notes of revisions that the product writes by itself."""
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
ORDERS: Final[dict[str, LazyString]] = {
    "address": _l("by address"),
    "title": _l("by title"),
    "review": _l("by review date"),
    "changed": _l("by last change"),
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
ACTIONS: Final[dict[Action, LazyString]] = {
    Action.CREATED: _l("New"),
    Action.UPDATED: _l("Would change"),
    Action.UNCHANGED: _l("The same"),
    Action.CONFLICT: _l("Changed on both sides: left alone"),
    Action.WAITING: _l("Newer on the other side"),
    Action.FAILED: _l("Cannot be read"),
}
PROBLEMS: Final[dict[Problem, LazyString]] = {
    Problem.UNREADABLE: _l("cannot be read: %(reason)s"),
    Problem.LINK: _l("links to %(slug)s, which is not there"),
    Problem.ANCHOR: _l("links to the place %(place)s, which is not there"),
    Problem.VARIABLE: _l("nobody knows the variable %(name)s"),
    Problem.HEADING: _l("a heading of level %(level)s follows one of level %(before)s"),
    Problem.PICTURE_WORDS: _l("the picture %(name)s has no words for those who cannot see it"),
    Problem.PICTURE: _l("the picture %(name)s is not in the folder"),
    Problem.SAME_TITLE: _l("the same title as %(slug)s"),
    Problem.TOO_WILD: _l("too long or too deeply nested to be shown as Markdown"),
    Problem.NOT_TRANSLATED: _l("not translated"),
    Problem.CONTRADICTS: _l("says %(said)s where the rule in force says %(value)s: write {{ %(name)s }}"),
    Problem.FOREIGN: _l("not translated yet: %(words)s"),
    Problem.MARKS: _l("two texts still stand here: keep one and take the marks away"),
    Problem.LONG_TITLE: _l("the title has %(count)s characters; up to %(limit)s are shown whole"),
    Problem.NO_SUMMARY: _l("no summary: search results show the first words of the text instead"),
    Problem.USE_VARIABLE: _l("%(said)s is right today; write {{ %(name)s }} so that it stays right"),
    Problem.LONG_SENTENCE: _l("a sentence of %(count)s words or characters; up to %(limit)s read well"),
}


def sentence_of_finding(finding: Finding) -> str:
    """What is wrong, in the editor's language."""
    return str(PROBLEMS[finding.kind]) % finding.values
