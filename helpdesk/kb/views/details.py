"""What all languages of an article share, and the end of one of them."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.forms import DetailsForm, choices_of_categories, listed
from helpdesk.kb.models import Article, Audience, Category
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.queries.desks import possible_owners
from helpdesk.kb.services.desk import clear_desk
from helpdesk.kb.services.details import change_details, set_review_dates
from helpdesk.kb.services.drafting import discard_draft
from helpdesk.kb.services.publishing import archive
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import desk_of
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import current_locale


def shelf_choices(shelves: list[Category]) -> dict[str, str]:
    """The shelves for a choice, the inner ones with their parents."""
    locale = current_locale()
    return {
        shelf.slug: f"{shelf.parent.name(locale)} / {shelf.name(locale)}" if shelf.parent else shelf.name(locale)
        for shelf in shelves
    }


def details_form(article: Article) -> DetailsForm:
    """The form of what all languages share."""
    form = DetailsForm(
        slug=article.slug,
        audience=article.audience.value,
        category=article.category.slug if article.category else "",
        owner=str(article.owner_id or ""),
        products=", ".join(article.products or []),
        topics=", ".join(article.topics or []),
        review_by=article.review_by,
    )
    form.category.choices = choices_of_categories(shelf_choices(queries.categories(db.session)))
    people = [SelectChoice(str(person.id), person.name) for person in possible_owners(db.session)]
    form.owner.choices = [SelectChoice("", _("Nobody")), *people]
    return form


@bp.post("/<slug>/<locale:tongue>/details")
@requires(Permission.KB_PUBLISH)
def details(slug: str, tongue: str) -> ResponseReturnValue:
    """Change who may read an article, where it stands, its address and who answers for it."""
    desk = desk_of(slug, tongue)
    form = details_form(desk.article)
    if not form.validate_on_submit():
        flash(" ".join(str(error) for errors in form.errors.values() for error in errors), "error")
        return redirect(url_for(".edit", slug=slug, tongue=tongue))
    try:
        _change(desk.article, form)
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return redirect(url_for(".edit", slug=slug, tongue=tongue))
    db.session.commit()
    flash(_("Saved for all languages."), "success")
    return redirect(url_for(".edit", slug=desk.article.slug, tongue=tongue))


def _change(article: Article, form: DetailsForm) -> None:
    shelves = queries.categories(db.session)
    change_details(
        db.session,
        article,
        slug=str(form.slug.data),
        audience=Audience(form.audience.data),
        category=next((one for one in shelves if one.slug == form.category.data), None),
        review_by=form.review_by.data,
        owner=int(form.owner.data) if form.owner.data else None,
        products=listed(form.products.data),
        topics=listed(form.topics.data),
        by=signed_in_user().id,
        now=utc_now(),
    )


@bp.post("/review-dates")
@requires(Permission.KB_PUBLISH)
def review_dates() -> ResponseReturnValue:
    """Give the chosen articles one review date."""
    try:
        day = date.fromisoformat(request.form.get("review_by", ""))
    except ValueError:
        flash(_("Choose a date first."), "error")
        return redirect(url_for(".index"))
    slugs = request.form.getlist("slug")
    count = set_review_dates(db.session, slugs, review_by=day, by=signed_in_user().id, now=utc_now())
    db.session.commit()
    flash(ngettext("%(num)d article has the new date.", "%(num)d articles have the new date.", count), "success")
    return redirect(url_for(".index"))


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
    desk, person = desk_of(slug, tongue), signed_in_user()
    discard_draft(db.session, found(desk.translation), by=person.id, now=utc_now())
    clear_desk(db.session, article_id=desk.article.id, locale=tongue, user_id=person.id)
    db.session.commit()
    flash(_("The draft is gone; this is what readers see."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue))
