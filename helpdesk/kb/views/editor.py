"""The editors' overview: which article stands where, and new ones."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.forms import NewArticleForm, choices_of_categories
from helpdesk.kb.labels import AUDIENCES, STANDINGS
from helpdesk.kb.models import Audience, Category
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.rules import content_with
from helpdesk.kb.services.drafting import create_article
from helpdesk.kb.views import revisions, writing
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.formatting import today
from helpdesk.web.guards import requires
from helpdesk.web.locale import LOCALES, current_locale

__all__ = ["revisions", "writing"]


@bp.get("/")
@requires(Permission.KB_EDIT)
def index() -> ResponseReturnValue:
    """Show all articles by language."""
    wanted = request.args.get("show", "")
    standing = queries.Standing(wanted) if wanted in set(queries.Standing) else None
    text = request.args.get("q", "")[:100]
    return render_template(
        "editor/index.html",
        matrix=queries.matrix(db.session, today=today(), standing=standing, text=text),
        standing=standing,
        text=text,
        standings=STANDINGS,
        audiences={audience.value: label for audience, label in AUDIENCES.items()},
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.KB_EDIT)
def new() -> ResponseReturnValue:
    """Begin an article."""
    shelves = queries.categories(db.session)
    form = _new_form(shelves)
    if not form.validate_on_submit():
        return render_template("editor/new.html", form=form)
    try:
        slug, locale = _create(form, shelves)
    except DomainError as refusal:
        form.slug.errors = [sentence_of(refusal)]
        return render_template("editor/new.html", form=form)
    flash(_("The draft is there. Nobody sees it until it is published."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=locale))


def _new_form(shelves: list[Category]) -> NewArticleForm:
    given = request.args.get("locale", "")
    form = NewArticleForm(
        title=request.args.get("title", "")[:200],
        locale=given if given in LOCALES else current_locale(),
        audience=Audience.PUBLIC.value,
    )
    form.category.choices = choices_of_categories(shelf_choices(shelves))
    return form


def shelf_choices(shelves: list[Category]) -> dict[str, str]:
    """The shelves for a choice, the inner ones with their parents."""
    locale = current_locale()
    return {
        shelf.slug: f"{shelf.parent.name(locale)} / {shelf.name(locale)}" if shelf.parent else shelf.name(locale)
        for shelf in shelves
    }


def _create(form: NewArticleForm, shelves: list[Category]) -> tuple[str, str]:
    translation = create_article(
        db.session,
        slug=str(form.slug.data),
        locale=str(form.locale.data),
        content=content_with(title=str(form.title.data), summary="", body=str(form.body.data or ""), tags=[]),
        audience=Audience(form.audience.data),
        category=next((shelf for shelf in shelves if shelf.slug == form.category.data), None),
        by=signed_in_user().id,
        now=utc_now(),
    )
    db.session.commit()
    return translation.article.slug, translation.locale
