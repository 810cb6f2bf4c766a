"""Everything that stands around the text on an editor's desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.accounts.access import signed_in_user
from helpdesk.extensions import db
from helpdesk.kb.checks import Finding, check_content
from helpdesk.kb.diff import changes
from helpdesk.kb.labels import REVIEW_STEPS, sentence_of_finding
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.queries.reviews import pictures_of, plans_of, review_of
from helpdesk.kb.queries.surroundings import surroundings
from helpdesk.kb.rules import Content
from helpdesk.kb.variables import all_values
from helpdesk.kb.views.desk import Desk
from helpdesk.kb.views.details import details_form
from helpdesk.kb.views.page import words_of


def around(desk: Desk, content: Content) -> dict[str, Any]:
    """The values of the editor's page beside the form itself."""
    translation = desk.translation
    draft = translation.draft if translation else None
    pair = queries.source_changes(db.session, translation, desk.source)
    values = all_values()
    return {
        "details": details_form(desk.article),
        "words": words_of(content, locale=desk.tongue, slug=desk.article.slug),
        "source_lines": changes(pair[0].body, pair[1].body) if pair else [],
        "draft_lines": changes(translation.body, draft.body)
        if translation and draft and translation.is_published
        else [],
        "draft_by": queries.name_of(db.session, draft.author_id) if draft else "",
        "variables": sorted(values.items()),
        "findings": findings_of(desk, content, values),
        "review": review_of(db.session, translation) if translation else [],
        "review_steps": REVIEW_STEPS,
        "plans": plans_of(db.session, translation) if translation else {},
        "pictures": pictures_of(db.session, desk.article.id),
    }


def findings_of(desk: Desk, content: Content, values: dict[str, str]) -> list[tuple[Finding, str]]:
    """What the checks say of a text, in words."""
    source = desk.source.body if desk.source is not None and not desk.is_source else None
    known = surroundings(db.session, desk.article, locale=desk.tongue, source=source, variables=values)
    found = check_content(content, locale=desk.tongue, slug=desk.article.slug, around=known)
    return [(one, sentence_of_finding(one)) for one in found]


def moment_typed(text: str) -> datetime | None:
    """A date and time as a browser's field sends it, in the editor's time zone."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if typed.tzinfo is not None:
        return typed
    return typed.replace(tzinfo=ZoneInfo(signed_in_user().time_zone)).astimezone(UTC)
