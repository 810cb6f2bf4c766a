"""The editors' overview: which article stands where, and new ones."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.desk_models import EditorTask
from helpdesk.kb.forms import NewArticleForm, choices_of_categories
from helpdesk.kb.labels import AUDIENCES, ORDERS, STANDINGS
from helpdesk.kb.models import Audience, Category
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.queries.patterns import pattern_numbered, patterns
from helpdesk.kb.queries.tasks import task_numbered
from helpdesk.kb.rules import content_with
from helpdesk.kb.services.drafting import create_article
from helpdesk.kb.views import arranging, details, live, preview_as, reviewing, revisions, transfer, writing
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.details import shelf_choices
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.formatting import today
from helpdesk.web.guards import requires
from helpdesk.web.locale import LOCALES, current_locale

__all__ = ["arranging", "details", "live", "preview_as", "reviewing", "revisions", "transfer", "writing"]


@bp.get("/")
@requires(Permission.KB_EDIT)
def index() -> ResponseReturnValue:
    """Show all articles by language."""
    wanted = request.args.get("show", "")
    standing = queries.Standing(wanted) if wanted in set(queries.Standing) else None
    text, sort = request.args.get("q", "")[:100], request.args.get("sort", "")
    order = queries.Order(sort) if sort in set(queries.Order) else queries.Order.ADDRESS
    return render_template(
        "editor/index.html",
        matrix=queries.matrix(
            db.session, today=today(), standing=standing, text=text, order=order, locale=current_locale()
        ),
        order=order,
        orders=ORDERS,
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
        return render_template("editor/new.html", form=form, patterns=patterns(db.session))
    try:
        slug, locale = _create(form, shelves)
    except DomainError as refusal:
        form.slug.errors = [sentence_of(refusal)]
        return render_template("editor/new.html", form=form, patterns=patterns(db.session))
    flash(_("The draft is there. Nobody sees it until it is published."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=locale))


def _new_form(shelves: list[Category]) -> NewArticleForm:
    task = task_numbered(db.session, request.args.get("task", 0, type=int))
    given = task.locale if task else request.args.get("locale", "")
    form = NewArticleForm(
        title=task.title if task else request.args.get("title", "")[:200],
        body=_asked(task) if task else _begun(request.args.get("pattern", 0, type=int)),
        locale=given if given in LOCALES else current_locale(),
        audience=Audience.PUBLIC.value,
    )
    form.category.choices = choices_of_categories(shelf_choices(shelves))
    return form


def _asked(task: EditorTask) -> str:
    """A first text that holds what readers typed, to be answered and taken out."""
    lines = "\n".join(f"- {words}" for words in task.evidence)
    heading = _("What readers asked")
    return f"\n\n## {heading}\n\n{lines}\n" if lines else ""


def _begun(number: int) -> str:
    pattern = pattern_numbered(db.session, number)
    return pattern.body if pattern else ""


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
