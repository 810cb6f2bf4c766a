"""Reading: shelves and articles."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from flask import Response, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.clock import utc_now
from helpdesk.extensions import db, limiter, settings
from helpdesk.kb.forms import FeedbackForm
from helpdesk.kb.models import Article, ArticleTranslation
from helpdesk.kb.queries import reader as queries
from helpdesk.kb.services.feedback import give_feedback
from helpdesk.kb.services.findings import note_click
from helpdesk.kb.services.reading import counter, is_machine
from helpdesk.kb.services.relating import refresh_related
from helpdesk.kb.views.blueprints import kb_bp as bp
from helpdesk.kb.views.freshness import not_modified, tag_of, with_tag
from helpdesk.kb.views.page import ArticlePage, page_of
from helpdesk.search.jobs import get_index
from helpdesk.web.afterwards import afterwards
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, public
from helpdesk.web.locale import current_locale


@bp.get("/<locale:locale>/articles/")
@public
def index(locale: str) -> ResponseReturnValue:
    """Show all shelves."""
    reader = signed_in_user_or_none()
    return render_template(
        "kb/index.html",
        shelves=queries.shelves(db.session, reader),
        popular=queries.popular(db.session, reader, locale, today=today()),
    )


@bp.get("/<locale:locale>/categories/<slug>")
@public
def category(locale: str, slug: str) -> ResponseReturnValue:
    """Show one shelf with its articles."""
    shelf = found(queries.category_called(db.session, slug))
    reader = signed_in_user_or_none()
    below = [shelf, *shelf.children]
    articles = queries.listed(db.session, reader, locale, Article.category_id.in_([one.id for one in below]))
    groups = [(one, [article for article in articles if article.category_id == one.id]) for one in below]
    return render_template("kb/category.html", shelf=shelf, groups=[group for group in groups if group[1]])


@bp.get("/articles/<slug>")
@public
def article_anywhere(slug: str) -> ResponseReturnValue:
    """Lead an address without a language to the reader's."""
    return redirect(url_for(".article", locale=current_locale(), slug=slug))


@bp.get("/<locale:locale>/articles/<slug>")
@public
def article(locale: str, slug: str) -> ResponseReturnValue:
    """Show one article."""
    reader = signed_in_user_or_none()
    row = queries.article_page(db.session, reader, slug)
    if row is None:
        return _moved(locale, slug)
    page = page_of(row, locale, base_url=settings().base_url)
    page = replace(page, related=queries.nearest(db.session, reader, page.translation, row.category_id))
    tag = _tag(page)
    answer = not_modified(tag) or with_tag(make_response(_article_html(page)), tag)
    _note_read(answer, page.translation)
    return answer


def _moved(locale: str, slug: str) -> Response:
    present = queries.slug_today(db.session, slug.lower()) or (slug.lower() if slug != slug.lower() else None)
    if present is None:
        abort(404)
    return make_response(redirect(url_for(".article", locale=locale, slug=present), code=301))


def _article_html(page: ArticlePage) -> str:
    given = session.get("feedback", {}).get(str(page.translation.id), "")
    return render_template("kb/article.html", page=page, given=given, form=FeedbackForm(formdata=None))


def _tag(page: ArticlePage) -> str:
    return tag_of(
        [
            page.translation.id,
            page.translation.version,
            page.asked_locale,
            sorted(page.words.values.items()),
            [(one.slug, one.locale, one.title) for one in page.related],
            page.languages,
            [(shelf.slug, shelf.names) for shelf in page.shelves],
            session.get("feedback", {}).get(str(page.translation.id), ""),
        ]
    )


def _note_read(answer: Response, translation: ArticleTranslation) -> None:
    """Count a person's read, and remember which search led here; both after the answer."""
    reader = signed_in_user_or_none()
    is_staff = reader is not None and reader.role.is_staff
    if request.method != "GET" or is_staff or is_machine(request.headers.get("User-Agent", "")):
        return
    if "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""):
        return
    day, now = today(), utc_now()
    counter.note(translation.id, reader=_who(), day=day)
    question = _question_before()
    if question:
        article_id, locale = translation.article_id, current_locale()
        afterwards(answer, lambda fresh: note_click(fresh, question, locale=locale, article_id=article_id, now=now))
    if counter.is_due():
        index = get_index(settings())

        def write_down(fresh: Session) -> None:
            refresh_related(fresh, counter.write(fresh), today=day, index=index)

        afterwards(answer, write_down)


def _who() -> str:
    """A name for the visitor that lives as long as this process and says nothing about the person."""
    trace = (
        f"{request.remote_addr}|{request.headers.get('User-Agent', '')}|{request.headers.get('Accept-Language', '')}"
    )
    return hashlib.sha256(trace.encode()).hexdigest()[:16]


def _question_before() -> str:
    """What was searched for on the page that the reader comes from."""
    parts = urlsplit(request.referrer or "")
    if parts.path != url_for(".search") or parts.netloc != request.host:
        return ""
    return parse_qs(parts.query).get("q", [""])[0][:200]


@bp.post("/<locale:locale>/articles/<slug>/feedback")
@public
@limiter.limit("30/hour")
def feedback(locale: str, slug: str) -> ResponseReturnValue:
    """Keep a reader's verdict on an article."""
    row = found(queries.article_page(db.session, signed_in_user_or_none(), slug))
    page = page_of(row, locale, base_url=settings().base_url)
    form = FeedbackForm()
    if not form.validate_on_submit():
        return render_template("kb/article.html", page=page, given="no", form=form), 422
    helpful = form.helpful.data == "yes"
    give_feedback(
        db.session,
        page.translation,
        reader_key=_reader_key(),
        helpful=helpful,
        reason=form.reason.data or "",
        comment=form.comment.data or "",
        now=utc_now(),
    )
    db.session.commit()
    done = helpful or form.reason.data or form.comment.data
    _remember(page.translation.id, ("yes" if helpful else "told") if done else "no")
    return redirect(url_for(".article", locale=locale, slug=slug, _anchor="kb-feedback"))


def _reader_key() -> str:
    reader = signed_in_user_or_none()
    if reader is not None:
        return f"user:{reader.id}"
    return f"visit:{session.setdefault('reader', secrets.token_hex(12))}"


def _remember(translation_id: int, state: str) -> None:
    """Keep the last verdicts of this visit, so that the page says thanks."""
    given = dict(list(session.get("feedback", {}).items())[-20:])
    session["feedback"] = {**given, str(translation_id): state}


@bp.get("/articles/<slug>/images/<name>")
@public
def picture(slug: str, name: str) -> ResponseReturnValue:
    """Show a picture of an article that the reader may see."""
    image = found(queries.picture_visible(db.session, signed_in_user_or_none(), slug, name))
    if request.if_none_match.contains_weak(image.sha256):
        return Response(status=304)
    response = make_response(image.data)
    response.headers["Content-Type"] = image.content_type
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(image.sha256)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
