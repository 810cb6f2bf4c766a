"""What the collections pages share."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.collections import labels
from helpdesk.collections.models import CollectionsPolicy, PolicyText
from helpdesk.kb.rendering import Rendered, render_markdown
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.locale import current_locale

bp: Final = Blueprint("collections", __name__)


def page(template: str, **values: object) -> str:
    """Render a page: in the workspace for the partner's people, else in the portal."""
    person = signed_in_user_or_none()
    is_staff = person is not None and person.role.is_staff
    return render_template(
        template,
        layout="layouts/workspace.html" if is_staff else "layouts/portal.html",
        labels=labels,
        is_staff=is_staff,
        can_ask=person is not None and person.may(Permission.TICKETS_OPEN),
        today=today(),
        **values,
    )


def rendered_text(policy: CollectionsPolicy) -> tuple[PolicyText, Rendered]:
    """The terms in the reader's language, and their HTML from memory."""
    text = policy.text_in(current_locale())
    return text, render_markdown(text.body, locale=text.locale)


def clause_anchor(rendered: Rendered, clause: str) -> str:
    """The id of the heading of a clause, empty when there is none."""
    headings = [each for heading in rendered.toc for each in (heading, *heading.children)]
    return next((each.id for each in headings if each.text.startswith((f"{clause} ", f"{clause}. "))), "")
