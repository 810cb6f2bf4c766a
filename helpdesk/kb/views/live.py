"""What the editor's page asks for while somebody writes: preview, checks, keeping the text, links, pictures."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.forms import ArticleForm
from helpdesk.kb.queries.desks import others_here
from helpdesk.kb.queries.links import links_to
from helpdesk.kb.services.desk import clear_desk, keep_unsaved, sit_down
from helpdesk.kb.services.drafting import base_of
from helpdesk.kb.services.pictures import add_picture
from helpdesk.kb.variables import all_values
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import begun_in, desk_of, packed
from helpdesk.kb.views.page import words_of
from helpdesk.kb.views.sidebar import findings_of
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import requires


@bp.post("/<slug>/<locale:tongue>/preview")
@requires(Permission.KB_EDIT)
def preview(slug: str, tongue: str) -> ResponseReturnValue:
    """The page as readers would see it, for the pane beside the text."""
    words = words_of(ArticleForm().content(), locale=tongue, slug=slug)
    return render_template("kb/_words.html", words=words, tongue=tongue, level=3)


@bp.post("/<slug>/<locale:tongue>/check")
@requires(Permission.KB_EDIT)
def check(slug: str, tongue: str) -> ResponseReturnValue:
    """What should be mended before publishing."""
    desk = desk_of(slug, tongue)
    findings = findings_of(desk, ArticleForm().content(), all_values())
    return render_template("editor/_findings.html", findings=findings)


@bp.post("/<slug>/<locale:tongue>/desk")
@requires(Permission.KB_EDIT)
def at_desk(slug: str, tongue: str) -> ResponseReturnValue:
    """Keep what is not saved yet, and say who else is here and whether somebody saved meanwhile."""
    desk, person, now = desk_of(slug, tongue), signed_in_user(), utc_now()
    form = ArticleForm()
    mine = sit_down(db.session, article_id=desk.article.id, locale=tongue, user_id=person.id, now=now)
    if request.form.get("dirty"):
        begun = begun_in(form)
        written = packed(form.content()) | {"body": str(form.body.data or ""), "note": str(form.note.data or "")}
        keep_unsaved(
            db.session, mine, base=str(form.base.data), begun=packed(begun) if begun else {}, written=written, now=now
        )
    here = others_here(db.session, article_id=desk.article.id, locale=tongue, but=person.id, now=now)
    db.session.commit()
    return {
        "kept": bool(request.form.get("dirty")),
        "here": _("%(names)s is here too.", names=", ".join(here)) if here else "",
        "outdated": base_of(desk.translation) != str(form.base.data),
    }


@bp.post("/<slug>/<locale:tongue>/desk/drop")
@requires(Permission.KB_EDIT)
def drop_unsaved(slug: str, tongue: str) -> ResponseReturnValue:
    """Begin again from what was saved."""
    desk = desk_of(slug, tongue)
    clear_desk(db.session, article_id=desk.article.id, locale=tongue, user_id=signed_in_user().id)
    db.session.commit()
    flash(_("Dropped. This is what was saved last."), "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue))


@bp.get("/links")
@requires(Permission.KB_EDIT)
def links() -> ResponseReturnValue:
    """Articles that a link may lead to, found by words of their titles, with their headings."""
    found = links_to(db.session, request.args.get("q", "")[:100], locale=request.args.get("tongue", "en"))
    return {"links": found}


@bp.post("/<slug>/<locale:tongue>/pictures")
@requires(Permission.KB_EDIT)
def new_picture(slug: str, tongue: str) -> ResponseReturnValue:
    """Keep a picture, with words for those who cannot see it; answer with the Markdown that shows it."""
    desk = desk_of(slug, tongue)
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        markdown = add_picture(
            db.session, desk.article, request.files.getlist("picture"), alt=request.form.get("alt", "")
        )
    except DomainError as refusal:
        db.session.rollback()
        if wants_json:
            return {"error": sentence_of(refusal)}, 422
        flash(sentence_of(refusal), "error")
        return redirect(url_for(".edit", slug=slug, tongue=tongue, _anchor="pictures"))
    db.session.commit()
    if wants_json:
        return {"markdown": markdown}
    flash(_("The picture is kept. Put this where it should appear: %(markdown)s", markdown=markdown), "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue, _anchor="pictures"))
