"""Categories, redirects, templates and synonyms, on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.forms import listed
from helpdesk.kb.queries import desk as desk_queries
from helpdesk.kb.queries import shelving as queries
from helpdesk.kb.queries.patterns import pattern_numbered, patterns
from helpdesk.kb.services.shelving import (
    add_redirect,
    drop_category,
    drop_redirect,
    keep_category,
    keep_pattern,
)
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.permissions import Permission
from helpdesk.search.queries import synonym_groups
from helpdesk.search.services import keep_synonyms
from helpdesk.web.converters import row_number
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import LOCALES, current_locale


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed in one form of the page, and why it was not done."""

    part: str = ""
    sentence: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def at(self, part: str, number: int | None) -> bool:
        """Whether it was the form of that row; None is the form for a new one."""
        return self.part == part and self.typed.get("id", "") == str(number or "")

    def value(self, part: str, number: int | None, name: str, otherwise: object) -> object:
        """What was typed there, else what stands there."""
        return self.typed.get(name, "") if self.at(part, number) else otherwise


@bp.get("/arrange", defaults={"part": ""})
@bp.get("/arrange/<any(categories, redirects, templates, synonyms):part>")
@requires(Permission.KB_PUBLISH)
def arrange(part: str) -> ResponseReturnValue:
    """Show categories, redirects, templates and synonyms, each with its form."""
    del part
    return _page(Refused())


def _page(refused: Refused) -> str:
    return render_template(
        "editor/arrange.html",
        refused=refused,
        shelves=desk_queries.categories(db.session),
        counts=queries.counted_categories(db.session),
        redirects=queries.redirects(db.session),
        patterns=patterns(db.session),
        synonyms=synonym_groups(db.session),
    )


def _done(work: Callable[[], object], anchor: str) -> ResponseReturnValue:
    """Do it, or say why not; then show the part of the page again."""
    try:
        work()
        db.session.commit()
        flash(_("Saved."), "success")
    except DomainError as refusal:
        db.session.rollback()
        return _page(Refused(anchor, sentence_of(refusal), request.form)), 422
    return redirect(url_for(".arrange", _anchor=anchor))


@bp.post("/arrange/categories")
@requires(Permission.KB_PUBLISH)
def save_category() -> ResponseReturnValue:
    """Make or change a category, or take an empty one away."""
    form, by, now = request.form, signed_in_user().id, utc_now()
    number = form.get("id", 0, type=row_number)
    category = found(queries.category_numbered(db.session, number)) if number else None
    if category is not None and form.get("action") == "drop":
        return _done(lambda: drop_category(db.session, category, by=by, now=now), "categories")
    parent = queries.category_numbered(db.session, form.get("parent", 0, type=row_number))
    return _done(
        lambda: keep_category(
            db.session,
            category,
            slug=form.get("slug", ""),
            names={tag: form.get(f"name-{tag}", "") for tag in LOCALES},
            parent=parent,
            position=min(999, max(0, form.get("position", 0, type=int))),
            by=by,
            now=now,
        ),
        "categories",
    )


@bp.post("/arrange/redirects")
@requires(Permission.KB_PUBLISH)
def save_redirect() -> ResponseReturnValue:
    """Have an old address lead to an article, or no longer."""
    form, by, now = request.form, signed_in_user().id, utc_now()
    if form.get("action") == "drop":
        old = found(queries.redirect_numbered(db.session, form.get("id", 0, type=row_number)))
        return _done(lambda: drop_redirect(db.session, old, by=by, now=now), "redirects")
    article = desk_queries.article_called(db.session, form.get("to", "").strip())
    if article is None:
        return _page(Refused("redirects", str(_("There is no article at that address.")), form)), 422
    return _done(
        lambda: add_redirect(db.session, slug=form.get("slug", ""), article=article, by=by, now=now), "redirects"
    )


@bp.post("/arrange/templates")
@requires(Permission.KB_PUBLISH)
def save_pattern() -> ResponseReturnValue:
    """Make, change or drop the beginning of articles of one kind."""
    form = request.form
    number = form.get("id", 0, type=row_number)
    pattern = found(pattern_numbered(db.session, number)) if number else None
    if pattern is not None and form.get("action") == "drop":
        return _done(lambda: db.session.delete(pattern), "templates")
    locale = form.get("locale", "")
    return _done(
        lambda: keep_pattern(
            db.session,
            pattern,
            name=form.get("name", ""),
            locale=locale if locale in LOCALES else current_locale(),
            body=form.get("body", ""),
            now=utc_now(),
        ),
        "templates",
    )


@bp.post("/arrange/synonyms")
@requires(Permission.KB_PUBLISH)
def save_synonyms() -> ResponseReturnValue:
    """Make, change or drop a group of words that mean the same."""
    form = request.form
    number = form.get("id", 0, type=row_number)
    group = found(queries.synonym_group_numbered(db.session, number)) if number else None
    if group is not None and form.get("action") == "drop":
        return _done(lambda: db.session.delete(group), "synonyms")
    return _done(lambda: keep_synonyms(db.session, group, words=listed(form.get("words")), now=utc_now()), "synonyms")
