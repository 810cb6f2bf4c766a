"""Writing an article in one language, with the page beside it."""

from __future__ import annotations

import json

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.desk_models import EditorDesk, ReviewStep
from helpdesk.kb.diff import changes
from helpdesk.kb.forms import ArticleForm
from helpdesk.kb.merging import has_marks, merge_content
from helpdesk.kb.models import ArticleTranslation
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.queries.desks import last_author, others_here, unsaved_of
from helpdesk.kb.rules import ChangedMeanwhile, Content, MarksLeft
from helpdesk.kb.services.desk import clear_desk
from helpdesk.kb.services.drafting import add_translation, base_of, save_draft, working_copy
from helpdesk.kb.services.publishing import publish
from helpdesk.kb.services.reviewing import note_step
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import Desk, beginning, begun_in, desk_of, packed
from helpdesk.kb.views.sidebar import around
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires


@bp.route("/<slug>/<locale:tongue>/edit", methods=["GET", "POST"])
@requires(Permission.KB_EDIT)
def edit(slug: str, tongue: str) -> ResponseReturnValue:
    """Write: preview, keep a draft, hand it in, or publish."""
    desk = desk_of(slug, tongue)
    unsaved = None if request.method == "POST" else _unsaved(desk)
    form = _form(desk, unsaved)
    wish = request.form.get("action", "")
    if not form.validate_on_submit() or wish == "preview":
        return _page(desk, form, status=422 if form.errors and wish != "preview" else 200, unsaved=unsaved)
    try:
        translation = _act(desk, form, wish)
    except (ChangedMeanwhile, StaleDataError):
        db.session.rollback()
        return _conflict(slug, tongue, form)
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(sentence_of(refusal))
        return _page(desk_of(slug, tongue), form, status=422)
    db.session.commit()
    flash(_done(wish), "success")
    return redirect(url_for(".edit", slug=translation.article.slug, tongue=tongue))


def _unsaved(desk: Desk) -> EditorDesk | None:
    return unsaved_of(db.session, article_id=desk.article.id, locale=desk.tongue, user_id=signed_in_user().id)


def _form(desk: Desk, unsaved: EditorDesk | None) -> ArticleForm:
    """The form with what was not saved, on the base on which it was written."""
    if unsaved is None:
        return ArticleForm(obj=None, **beginning(desk))
    values = beginning(desk, unsaved.written)
    return ArticleForm(
        obj=None, **{**values, "base": unsaved.base, "begun": json.dumps(unsaved.begun, ensure_ascii=False)}
    )


def _act(desk: Desk, form: ArticleForm, wish: str) -> ArticleTranslation:
    """Keep what was written and, if wished and allowed, publish it."""
    person, now, content = signed_in_user(), utc_now(), form.content()
    publishes = wish == "publish" and person.may(Permission.KB_PUBLISH)
    if publishes and has_marks(content.body):
        raise MarksLeft
    translation, base = desk.translation, str(form.base.data)
    if translation is None:
        if base != base_of(None):
            raise ChangedMeanwhile
        translation = add_translation(
            db.session, desk.article, locale=desk.tongue, content=content, by=person.id, now=now
        )
        base = base_of(translation)
    note = str(form.note.data or "")
    save_draft(
        db.session, translation, content=content, base=base, note=note, submit=wish == "submit", by=person.id, now=now
    )
    if wish == "submit":
        note_step(db.session, translation, ReviewStep.SUBMITTED, body=note, by=person.id, now=now)
    if publishes:
        follows = bool(form.follows_source.data)
        publish(db.session, translation, content=content, note=note, follows_source=follows, by=person.id, now=now)
    clear_desk(db.session, article_id=desk.article.id, locale=desk.tongue, user_id=person.id)
    return translation


def _done(wish: str) -> str:
    if wish == "publish":
        return str(_("Published. Readers see it now, and the search finds it within two seconds."))
    if wish == "submit":
        return str(_("Handed in for review. An editor will publish it."))
    return str(_("The draft is kept. Readers still see what was published before."))


def _conflict(slug: str, tongue: str, form: ArticleForm) -> Response:
    """Both texts made one; where both changed the same words, both stand there. Saving again is then a decision."""
    desk = desk_of(slug, tongue)
    theirs, mine = working_copy(desk.translation), form.content()
    who = _who_changed(desk)
    merged = merge_content(
        begun_in(form) or Content("", "", ""), mine, theirs, labels=(str(_("Yours")), who or str(_("The other text")))
    )
    values = packed(merged.content)
    form.title.data, form.summary.data, form.body.data = values["title"], values["summary"], values["body"]
    form.tags.data = ", ".join(values["tags"])
    form.base.data, form.begun.data = base_of(desk.translation), json.dumps(packed(theirs), ensure_ascii=False)
    return _page(
        desk,
        form,
        status=409,
        conflict={
            "sentence": sentence_of(ChangedMeanwhile()),
            "merged": merged,
            "lines": changes(as_text(theirs), as_text(merged.content)),
            "theirs": theirs,
            "mine": mine,
            "who": who,
        },
    )


def _who_changed(desk: Desk) -> str:
    """Who wrote what stands there now: the draft's author, else the last revision's."""
    if desk.translation is None:
        return ""
    if desk.translation.draft is not None:
        return queries.name_of(db.session, desk.translation.draft.author_id)
    return last_author(db.session, desk.translation)


def as_text(content: Content) -> str:
    """A content as one text, for comparing."""
    return f"{content.title}\n{content.summary}\n\n{content.body}"


def _page(
    desk: Desk,
    form: ArticleForm,
    *,
    status: int = 200,
    conflict: dict[str, object] | None = None,
    unsaved: EditorDesk | None = None,
) -> Response:
    here = others_here(
        db.session, article_id=desk.article.id, locale=desk.tongue, but=signed_in_user().id, now=utc_now()
    )
    html = render_template(
        "editor/edit.html",
        desk=desk,
        form=form,
        conflict=conflict,
        unsaved=unsaved,
        is_outdated=unsaved is not None and unsaved.base != base_of(desk.translation),
        here=here,
        **around(desk, form.content()),
    )
    return make_response(html, status)
