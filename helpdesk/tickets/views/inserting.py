"""Putting prepared answers and links to articles into a reply."""

from __future__ import annotations

from flask import request

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.kb.queries.reader import article_page, best_of
from helpdesk.kb.services.indexing import article_path
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries.desk import macro_of, tags_of
from helpdesk.tickets.services.desk import set_tags
from helpdesk.tickets.views.macros import macro_text


def inserted(ticket: Ticket, what: str) -> str:
    """The text for `macro`, or for `article:<slug>` its title and address in the customer's language."""
    if what.startswith("article:"):
        return _link(ticket, what.removeprefix("article:"))
    macro = macro_of(db.session, request.form.get("macro", ""))
    return macro_text(macro, ticket) if macro else ""


def _link(ticket: Ticket, slug: str) -> str:
    """Only articles that the requester may read are linked."""
    article = article_page(db.session, ticket.requester, slug)
    if article is None:
        return ""
    translation = best_of(article.translations, ticket.locale)
    return f"{translation.title}\n{request.host_url.rstrip('/')}{article_path(slug, translation.locale)}"


def tag_by_macro(ticket: Ticket) -> None:
    """Put the tag of the prepared answer that was used on the ticket. The caller commits."""
    macro = macro_of(db.session, request.form.get("used_macro", "")) if request.form.get("used_macro") else None
    if macro is None or not macro.tag:
        return
    tags = tags_of(db.session, ticket.id)
    if macro.tag not in tags:
        set_tags(db.session, ticket, tags=[*tags, macro.tag], by=signed_in_user(), now=utc_now())
