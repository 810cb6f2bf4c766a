"""Switching the language: a choice that is kept, so it is a POST."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db
from helpdesk.web.guards import current_actor, public
from helpdesk.web.locale import LOCALES
from helpdesk.web.safe_redirects import safe_path

bp = Blueprint("language", __name__)


@bp.post("/language")
@public
def choose() -> ResponseReturnValue:
    """Keep the chosen language for the visit and the account, and go back to the same page in it."""
    tag = request.form.get("locale", "")
    back = safe_path(request.form.get("next"))
    if tag in LOCALES:
        session["locale"] = tag
        actor = current_actor()
        if actor is not None:
            actor.locale = tag
            db.session.commit()
        back = re.sub(rf"^/(?:{'|'.join(LOCALES)})(?=/)", f"/{tag}", back)
    return redirect(back)
