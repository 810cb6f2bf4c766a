"""What the pages of the billing desk share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing import labels
from helpdesk.limits import IMPORT_MAX_BYTES
from helpdesk.permissions import Permission, Role, may
from helpdesk.web.formatting import today
from helpdesk.web.guards import current_actor

bp: Final = Blueprint("billing_desk", __name__, url_prefix="/work/billing")
_MARK: Final = "\ufeff"


def one_person() -> str:
    """Whose requests are counted together."""
    return f"person:{signed_in_user().id}"


def page(template: str, **values: object) -> str:
    """Render a page of the desk."""
    manages = signed_in_user().may(Permission.BILLING_MANAGE)
    return render_template(f"billing_desk/{template}", labels=labels, today=today(), manages=manages, **values)


def day_asked(name: str, otherwise: date) -> date:
    """A day from the address; one that is none means `otherwise`."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


def said(refusal: Mapping[str, Any]) -> str:
    """A refusal that was written down (`sentence` and `values`), in the reader's language."""
    sentence, values = str(refusal["sentence"]), refusal["values"]
    return str(_(sentence, **values))


def csv_answer(text: str, name: str) -> Response:
    """A CSV file that spreadsheets take for UTF-8."""
    response = Response(_MARK + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Raise the limit of the request for those who may upload a month's charges, before anything reads it."""
    del values
    actor = current_actor() if endpoint == "billing_desk.imports" and request.method == "POST" else None
    if actor is not None and may(Role(actor.role), Permission.BILLING_MANAGE):
        request.max_content_length = IMPORT_MAX_BYTES + 1024 * 1024
