"""What machines read: the feed, the site map, the rules for robots."""

from __future__ import annotations

from itertools import groupby

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.extensions import db, settings
from helpdesk.kb.queries import reader as queries
from helpdesk.kb.views.blueprints import kb_bp as bp
from helpdesk.web.guards import public

_FORBIDDEN = ("/work/", "/search", "/suggest", "/tickets", "/invoices", "/account", "/sign-in")


@bp.get("/<locale:locale>/articles/feed.xml")
@public
def feed(locale: str) -> ResponseReturnValue:
    """Offer the articles that changed last as an Atom feed."""
    entries = queries.latest(db.session, None, locale)
    return _xml(
        render_template("kb/feed.xml", entries=entries, base_url=_base_url(), tongue=locale),
        "application/atom+xml; charset=utf-8",
    )


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """List the public articles with their languages."""
    rows = queries.everything_public(db.session)
    articles = [(slug, list(group)) for slug, group in groupby(rows, key=lambda row: row[0])]
    return _xml(render_template("kb/sitemap.xml", articles=articles, base_url=_base_url()), "application/xml")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Say what search engines may visit."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _FORBIDDEN), f"Sitemap: {_base_url()}/sitemap.xml", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def _base_url() -> str:
    return settings().base_url.rstrip("/")


def _xml(text: str, content_type: str) -> Response:
    response = Response(text, content_type=content_type)
    response.add_etag()
    response.headers["Cache-Control"] = "public, max-age=600"
    response.make_conditional(request)
    return response
