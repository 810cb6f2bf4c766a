"""The history of a text: every publication, what changed, and the way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.kb.diff import Line, Piece, changes
from helpdesk.kb.labels import NOTES
from helpdesk.kb.models import ArticleRevision
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.services.publishing import restore
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import desk_of
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


@bp.get("/<slug>/<locale:tongue>/revisions")
@requires(Permission.KB_EDIT)
def revisions(slug: str, tongue: str) -> ResponseReturnValue:
    """List the revisions and show what changed in one of them."""
    desk = desk_of(slug, tongue)
    translation = found(desk.translation)
    rows = queries.revisions_of(db.session, translation)
    by_number = {revision.number: revision for revision, _name in rows}
    shown = by_number.get(request.args.get("number", 0, type=int)) or (rows[0][0] if rows else None)
    against = by_number.get(request.args.get("against", 0, type=int))
    if shown is not None and against is None:
        against = by_number.get(shown.number - 1)
    return render_template(
        "editor/revisions.html",
        desk=desk,
        rows=rows,
        shown=shown,
        against=against,
        is_split=request.args.get("view") == "split" and against is not None,
        notes=NOTES,
        lines=changes(_as_text(against), _as_text(shown)) if against else _unchanged(_as_text(shown)),
    )


def _unchanged(text: str) -> list[Line]:
    """A text with which nothing is compared."""
    return [Line((Piece(line),)) for line in text.splitlines()]


def _as_text(revision: ArticleRevision | None) -> str:
    if revision is None:
        return ""
    return f"{revision.title}\n{revision.summary}\n\n{revision.body}"


@bp.post("/<slug>/<locale:tongue>/revisions/<int:number>/restore")
@requires(Permission.KB_PUBLISH)
def restore_revision(slug: str, tongue: str, number: int) -> ResponseReturnValue:
    """Publish an earlier revision again."""
    translation = found(desk_of(slug, tongue).translation)
    revision = found(queries.revision_numbered(db.session, translation, number))
    note = str(_("Restored revision %(number)s.", number=number))
    restore(db.session, translation, revision, by=signed_in_user().id, note=note, now=utc_now())
    db.session.commit()
    flash(_("Revision %(number)s is published again, as a new one.", number=number), "success")
    return redirect(url_for(".revisions", slug=slug, tongue=tongue))
