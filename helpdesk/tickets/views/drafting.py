"""Drafts: kept when a form is refused, aborted, autosaved, or sent by somebody whose session was lost.

Each form carries a signed word that names its writer and its place. Who holds it can only add to that one draft,
so it is accepted without a session: nothing that was typed is lost with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from helpdesk.accounts.access import signed_in_user, signed_in_user_or_none
from helpdesk.clock import utc_now
from helpdesk.extensions import db, limiter, settings
from helpdesk.files.uploads import CheckedFile, examine_uploads
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.fields import WordsForm
from helpdesk.tickets.models import Draft
from helpdesk.tickets.queries.drafts import draft_at, own_draft
from helpdesk.tickets.services.drafts import discard_draft, note_suggestion_opened, save_draft, together
from helpdesk.tickets.services.opening import own_key, was_opened
from helpdesk.tickets.views.blueprints import one_person, portal_bp, queue_bp, store
from helpdesk.web.formatting import minute
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import LOCALES

_LASTS: Final = 14 * 24 * 3600
"""Seconds for which a form that stands open may still add to its draft."""
_NOT_TYPED: Final = frozenset(
    {
        "csrf_token",
        "seen",
        "draft",
        "kept_file",
        "to_topic",
        "save_draft",
        "files_sent",
        "insert",
        "macro",
        "used_macro",
    }
)
_PREFIXES: Final = ("reply-", "note-")


def draft_token(place: str) -> str:
    """The word that a form carries."""
    return str(_signer().dumps([signed_in_user().id, place]))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_keys(), salt="ticket-draft")


def _named(token: str) -> tuple[int, str] | None:
    """Writer and place, if the word is ours."""
    try:
        user_id, place = _signer().loads(token, max_age=_LASTS)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(place)


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into a form, by the names of its fields."""
    short = {_short(name): value for name, value in form.items()}
    return {name: value for name, value in short.items() if name not in _NOT_TYPED}


def _short(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)


def keep(place: str, files: Sequence[CheckedFile] = ()) -> Draft | None:
    """Keep what this request brings to a form of the signed-in person. Commits."""
    draft = _kept_for(signed_in_user().id, place, files)
    db.session.commit()
    return draft


def _kept_for(user_id: int, place: str, files: Sequence[CheckedFile], *, all_files: bool = True) -> Draft | None:
    kept = request.form.getlist("kept_file") if all_files else None
    return save_draft(
        db.session,
        user_id=user_id,
        place=place,
        fields=typed(request.form),
        now=utc_now(),
        store=store(),
        kept=kept,
        files=files,
    )


def files_of(form: WordsForm, place: str) -> list[CheckedFile]:
    """Files that came now, and those that the draft kept. Raises `FileRefused`."""
    kept = request.form.getlist("kept_file")
    draft = draft_at(db.session, signed_in_user().id, place) if kept else None
    return together(draft, kept, form.files.files, store())


def forget(place: str) -> None:
    """The form was sent: its draft is done. The caller commits."""
    discard_draft(db.session, draft_at(db.session, signed_in_user().id, place))


def filled(draft: Draft | None) -> dict[str, Any]:
    """A draft as the data of a form."""
    return dict(draft.fields) if draft else {}


@portal_bp.post("/tickets/drafts")
@requires(Permission.TICKETS_OPEN, Permission.TICKETS_WORK)
@limiter.limit("40/minute", key_func=one_person)
def autosave() -> ResponseReturnValue:
    """Keep what is being typed; answered with the time, for the page to say so."""
    named = _named(request.form.get("draft", ""))
    if named is None or named[0] != signed_in_user().id or _is_sent(named[1]):
        return {"saved": ""}, 409
    sends_files = "files_sent" in request.form
    files = examine_uploads(each for name in request.files for each in request.files.getlist(name)).accepted
    draft = _kept_for(named[0], named[1], files, all_files=sends_files)
    db.session.commit()
    return {"saved": minute(draft.updated_at) if draft else ""}


def _is_sent(place: str) -> bool:
    kind, _colon, key = place.partition(":")
    return kind == "new" and was_opened(db.session, own_key(signed_in_user(), key))


@portal_bp.post("/tickets/drafts/<public_id>/discard")
@requires(Permission.TICKETS_OPEN, Permission.TICKETS_WORK)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    draft = found(own_draft(db.session, signed_in_user(), public_id))
    kind, _colon, _rest = draft.place.partition(":")
    discard_draft(db.session, draft)
    db.session.commit()
    flash(_("The draft is gone."), "success")
    back = request.form.get("back", "")
    is_ours = kind != "new" and back.startswith(("/tickets/", "/work/tickets/"))
    return redirect(back if is_ours else url_for("tickets.index"))


@portal_bp.post("/tickets/suggestion-opened")
@requires(Permission.TICKETS_OPEN)
@limiter.limit("60/hour", key_func=one_person)
def suggestion_opened() -> ResponseReturnValue:
    """Remember which suggested article was opened while a ticket was being written."""
    parts = request.form.get("article", "").split("?")[0].strip("/").split("/")
    article_parts = 3
    if len(parts) == article_parts and parts[1] == "articles" and parts[0] in LOCALES:
        note_suggestion_opened(
            db.session,
            by=signed_in_user(),
            form_key=own_key(signed_in_user(), request.form.get("key", "")),
            article=parts[2],
            locale=parts[0],
            asked=request.form.get("asked", ""),
            now=utc_now(),
        )
        db.session.commit()
    return "", 204


def _keep_for_the_lost() -> ResponseReturnValue | None:
    """Keep what a form brings whose writer is not signed in any more, before the guard turns them away."""
    if request.method != "POST" or signed_in_user_or_none() is not None:
        return None
    return _kept_page() if _keep_signed() else None


def _keep_signed() -> bool:
    named = _named(request.form.get("draft", ""))
    if named is None:
        return False
    files = examine_uploads(each for name in request.files for each in request.files.getlist(name)).accepted
    if _kept_for(*named, files) is None:
        return False
    db.session.commit()
    return True


def _kept_page() -> ResponseReturnValue:
    place = (_named(request.form.get("draft", "")) or (0, ""))[1]
    onward = url_for("tickets.new") if place.startswith("new:") else request.path
    if request.accept_mimetypes.best == "application/json":
        return {"saved": "", "lost": True}, 401
    return render_template("tickets/kept.html", onward=onward), 401


def _expired(error: CSRFError) -> ResponseReturnValue:
    """A form that was open for too long, or whose session was lost: say what was kept, and where."""
    if _keep_signed():
        return _kept_page()
    handler = current_app.error_handler_spec[None][400][CSRFError]
    return cast("ResponseReturnValue", handler(error))


for _room in (portal_bp, queue_bp):
    _room.before_request(_keep_for_the_lost)
    _room.register_error_handler(CSRFError, _expired)
