"""An article as somebody else would see it: stranger, customer or agent, on a telephone, in the dark."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from helpdesk.extensions import db
from helpdesk.kb.queries import reader as queries
from helpdesk.kb.rules import audiences_of, content_of
from helpdesk.kb.services.drafting import working_copy
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import desk_of
from helpdesk.kb.views.page import words_of
from helpdesk.permissions import Permission, Role
from helpdesk.web.guards import found, requires

_WHO = {
    "anonymous": (None, _l("Anybody")),
    "customer": (Role.BILLING_CONTACT, _l("A customer")),
    "agent": (Role.AGENT, _l("An agent")),
}


class _Somebody:
    """A reader who has only a role."""

    def __init__(self, role: Role) -> None:
        self.role = role


@bp.get("/<slug>/<locale:tongue>/as")
@requires(Permission.KB_EDIT)
def preview_as(slug: str, tongue: str) -> ResponseReturnValue:
    """Show the draft, or what is published, as the chosen reader would see it."""
    desk = desk_of(slug, tongue)
    translation = found(desk.translation)
    chosen = {
        "who": request.args.get("who") if request.args.get("who") in _WHO else "anonymous",
        "text": "published" if request.args.get("text") == "published" else "draft",
        "width": "phone" if request.args.get("width") == "phone" else "wide",
        "light": "dark" if request.args.get("light") == "dark" else "light",
    }
    role = _WHO[str(chosen["who"])][0]
    somebody = _Somebody(role) if role else None
    content = working_copy(translation) if chosen["text"] == "draft" else content_of(translation)
    return render_template(
        "editor/preview_as.html",
        desk=desk,
        chosen=chosen,
        who={name: label for name, (_role, label) in _WHO.items()},
        may_read=desk.article.audience.value in audiences_of(role),
        is_published=translation.is_published,
        words=words_of(content, locale=tongue, slug=slug),
        related=queries.nearest(db.session, somebody, translation, desk.article.category_id),
    )
