"""Writing an article in one language, with the page beside it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.diff import changes
from helpdesk.kb.forms import ArticleForm, DetailsForm, choices_of_categories
from helpdesk.kb.models import Article, ArticleTranslation, Audience, Category
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.rules import ChangedMeanwhile, Content, source_of
from helpdesk.kb.services.drafting import (
    add_translation,
    base_of,
    change_details,
    discard_draft,
    save_draft,
    working_copy,
)
from helpdesk.kb.services.publishing import archive, publish
from helpdesk.kb.variables import all_values
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.page import words_of
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@dataclass(frozen=True, slots=True)
class Desk:
    """An article on an editor's desk, in one language."""

    article: Article
    tongue: str
    translation: ArticleTranslation | None
    source: ArticleTranslation | None

    @property
    def is_source(self) -> bool:
        """Whether the other languages follow this one."""
        return self.source is None or self.source is self.translation


def desk_of(slug: str, tongue: str) -> Desk:
    """The desk for an article that must exist, in a language it may lack."""
    article = found(queries.article_called(db.session, slug))
    translation = next((one for one in article.translations if one.locale == tongue), None)
    return Desk(article, tongue, translation, source_of(article.translations))


@bp.route("/<slug>/<locale:tongue>/edit", methods=["GET", "POST"])
@requires(Permission.KB_EDIT)
def edit(slug: str, tongue: str) -> ResponseReturnValue:
    """Write: preview, keep a draft, hand it in, or publish."""
    desk = desk_of(slug, tongue)
    form = ArticleForm(obj=None, **_beginning(desk))
    wish = request.form.get("action", "")
    if not form.validate_on_submit() or wish == "preview":
        return _page(desk, form, status=422 if form.errors and wish != "preview" else 200)
    try:
        translation = _act(desk, form, wish)
    except (ChangedMeanwhile, StaleDataError):
        db.session.rollback()
        return _conflict(slug, tongue, form, ChangedMeanwhile())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(sentence_of(refusal))
        return _page(desk_of(slug, tongue), form, status=422)
    db.session.commit()
    flash(_done(wish), "success")
    return redirect(url_for(".edit", slug=translation.article.slug, tongue=tongue))


def _beginning(desk: Desk) -> dict[str, object]:
    """What the form shows first: the draft, else what is published, else the source's title."""
    content = working_copy(desk.translation)
    return {
        "base": base_of(desk.translation),
        "title": content.title,
        "summary": content.summary,
        "body": content.body,
        "tags": ", ".join(content.tags),
        "note": desk.translation.draft.note if desk.translation and desk.translation.draft else "",
    }


def _act(desk: Desk, form: ArticleForm, wish: str) -> ArticleTranslation:
    """Keep what was written and, if wished and allowed, publish it."""
    person, now, content = signed_in_user(), utc_now(), form.content()
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
    if wish == "publish" and person.may(Permission.KB_PUBLISH):
        follows = bool(form.follows_source.data)
        publish(db.session, translation, content=content, note=note, follows_source=follows, by=person.id, now=now)
    return translation


def _done(wish: str) -> str:
    if wish == "publish":
        return str(_("Published. Readers see it now, and the search finds it within two seconds."))
    if wish == "submit":
        return str(_("Handed in for review. An editor will publish it."))
    return str(_("The draft is kept. Readers still see what was published before."))


def _conflict(slug: str, tongue: str, form: ArticleForm, refusal: DomainError) -> Response:
    """Both texts, side by side; saving again is then a decision."""
    desk = desk_of(slug, tongue)
    theirs, mine = working_copy(desk.translation), form.content()
    form.base.data = base_of(desk.translation)
    draft = desk.translation.draft if desk.translation else None
    return _page(
        desk,
        form,
        status=409,
        conflict={
            "sentence": sentence_of(refusal),
            "lines": changes(_as_text(theirs), _as_text(mine)),
            "theirs": theirs,
            "who": queries.name_of(db.session, draft.author_id if draft else None),
        },
    )


def _as_text(content: Content) -> str:
    return f"{content.title}\n{content.summary}\n\n{content.body}"


def _page(desk: Desk, form: ArticleForm, *, status: int = 200, conflict: dict[str, object] | None = None) -> Response:
    pair = queries.source_changes(db.session, desk.translation, desk.source)
    shelves = queries.categories(db.session)
    details = details_form(desk.article, shelves)
    draft = desk.translation.draft if desk.translation else None
    html = render_template(
        "editor/edit.html",
        desk=desk,
        form=form,
        details=details,
        conflict=conflict,
        words=words_of(form.content(), locale=desk.tongue, slug=desk.article.slug),
        source_lines=changes(pair[0].body, pair[1].body) if pair else [],
        draft_by=queries.name_of(db.session, draft.author_id) if draft else "",
        variables=sorted(all_values().items()),
    )
    return make_response(html, status)


@bp.post("/<slug>/<locale:tongue>/preview")
@requires(Permission.KB_EDIT)
def preview(slug: str, tongue: str) -> ResponseReturnValue:
    """The page as readers would see it, for the pane beside the text."""
    form = ArticleForm()
    words = words_of(form.content(), locale=tongue, slug=slug)
    return render_template("kb/_words.html", words=words, tongue=tongue, level=2)


def details_form(article: Article, shelves: list[Category]) -> DetailsForm:
    """The form of what all languages share."""
    from helpdesk.kb.views.editor import shelf_choices

    form = DetailsForm(
        slug=article.slug,
        audience=article.audience.value,
        category=article.category.slug if article.category else "",
        review_by=article.review_by,
    )
    form.category.choices = choices_of_categories(shelf_choices(shelves))
    return form


@bp.post("/<slug>/<locale:tongue>/details")
@requires(Permission.KB_PUBLISH)
def details(slug: str, tongue: str) -> ResponseReturnValue:
    """Change who may read an article, where it stands and its address."""
    desk = desk_of(slug, tongue)
    shelves = queries.categories(db.session)
    form = details_form(desk.article, shelves)
    if not form.validate_on_submit():
        flash(" ".join(str(error) for errors in form.errors.values() for error in errors), "error")
        return redirect(url_for(".edit", slug=slug, tongue=tongue))
    try:
        change_details(
            db.session,
            desk.article,
            slug=str(form.slug.data),
            audience=Audience(form.audience.data),
            category=next((one for one in shelves if one.slug == form.category.data), None),
            review_by=form.review_by.data,
            by=signed_in_user().id,
            now=utc_now(),
        )
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return redirect(url_for(".edit", slug=slug, tongue=tongue))
    db.session.commit()
    flash(_("Saved for all languages."), "success")
    return redirect(url_for(".edit", slug=desk.article.slug, tongue=tongue))


@bp.post("/<slug>/<locale:tongue>/archive")
@requires(Permission.KB_PUBLISH)
def take_away(slug: str, tongue: str) -> ResponseReturnValue:
    """Take a translation away from readers."""
    translation = found(desk_of(slug, tongue).translation)
    archive(db.session, translation, by=signed_in_user().id, now=utc_now())
    db.session.commit()
    flash(_("Archived. Readers and the search no longer find it; publishing brings it back."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue))


@bp.post("/<slug>/<locale:tongue>/discard")
@requires(Permission.KB_EDIT)
def discard(slug: str, tongue: str) -> ResponseReturnValue:
    """Drop the draft and go back to what is published."""
    translation = found(desk_of(slug, tongue).translation)
    discard_draft(db.session, translation, by=signed_in_user().id, now=utc_now())
    db.session.commit()
    flash(_("The draft is gone; this is what readers see."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue))
