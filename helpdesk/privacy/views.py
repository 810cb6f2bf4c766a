"""Personal data: the page that hands it out and tells what would be thrown away."""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, render_template, send_file
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.files.store import file_store
from helpdesk.permissions import Permission
from helpdesk.privacy import labels, queries, services
from helpdesk.privacy.forms import ExportForm
from helpdesk.privacy.retention import overdue
from helpdesk.web.errors import sentence_of
from helpdesk.web.freshness import fresh
from helpdesk.web.guards import requires

bp = Blueprint("privacy", __name__, url_prefix="/work/administration/privacy")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
@fresh
def index() -> ResponseReturnValue:
    """Ask whose data it is, and send the zip; below, what is over its time."""
    form = ExportForm()
    if form.validate_on_submit():
        try:
            return _zip_of(queries.subject_called(db.session, str(form.whose.data)))
        except DomainError as refusal:
            form.whose.errors = [*form.whose.errors, sentence_of(refusal)]
    return render_template(
        "privacy/index.html",
        form=form,
        labels=labels,
        overdue=overdue(db.session, settings(), now=utc_now()),
        is_on=settings().retention == "on",
    )


def _zip_of(subject: queries.Subject) -> Response:
    """Written to a file without a name first: the trail says that it was made before a byte of it leaves."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        services.export(
            db.session, subject, out, files=file_store(settings()), actor_id=signed_in_user().id, now=utc_now()
        )
        db.session.commit()
    except BaseException:
        out.close()
        raise
    out.seek(0)
    response = send_file(
        out, mimetype="application/zip", as_attachment=True, download_name=f"personal-data-{subject.public_id}.zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
