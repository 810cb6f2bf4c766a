"""Articles as a zip file: out at once, in after a look at what would change."""

from __future__ import annotations

import hashlib
import io

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.files.store import file_store
from helpdesk.files.uploads import CheckedFile
from helpdesk.kb.folder.importing import import_folder
from helpdesk.kb.folder.outcomes import Action, Outcome
from helpdesk.kb.folder.zips import NotAZip, unpacked, zipped
from helpdesk.kb.labels import ACTIONS
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires

_KEY = "kb_import"


@bp.get("/export.zip")
@requires(Permission.KB_EDIT)
def export_zip() -> ResponseReturnValue:
    """Give all articles as one file."""
    response = Response(zipped(db.session), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="articles.zip"'
    return response


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.KB_PUBLISH)
def import_zip() -> ResponseReturnValue:
    """Take a zip file, and show what importing it would change; nothing is changed yet."""
    upload = request.files.get("articles")
    if request.method == "GET" or upload is None or not upload.filename:
        return render_template("editor/import.html", outcomes=None, actions=ACTIONS)
    data = upload.read()
    try:
        outcomes = _imported_from(data)
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
        return render_template("editor/import.html", outcomes=None, actions=ACTIONS), 422
    finally:
        db.session.rollback()
    session[_KEY] = _kept(upload.filename, data)
    return render_template("editor/import.html", outcomes=outcomes, actions=ACTIONS)


@bp.post("/import/confirm")
@requires(Permission.KB_PUBLISH)
def confirm_import() -> ResponseReturnValue:
    """Import the file that was looked at."""
    key = session.pop(_KEY, "")
    try:
        with file_store(settings()).open(key) as stream:
            outcomes = _imported_from(stream.read())
    except (DomainError, FileNotFoundError, ValueError):
        db.session.rollback()
        flash(sentence_of(NotAZip()), "error")
        return redirect(url_for(".import_zip"))
    db.session.commit()
    changed = sum(one.action in {Action.CREATED, Action.UPDATED} for one in outcomes)
    flash(_("Imported: %(count)s texts were made or changed.", count=changed), "success")
    return redirect(url_for(".index"))


def _imported_from(data: bytes) -> list[Outcome]:
    with unpacked(io.BytesIO(data)) as folder:
        return import_folder(db.session, folder, now=utc_now(), by=signed_in_user().id)


def _kept(name: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    file_store(settings()).put(CheckedFile(name[:120], "application/zip", len(data), digest, io.BytesIO(data)))
    return digest
