"""One article in one language on an editor's desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.extensions import db
from helpdesk.kb.forms import ArticleForm
from helpdesk.kb.models import Article, ArticleTranslation
from helpdesk.kb.queries import desk as queries
from helpdesk.kb.rules import Content, content_with, source_of
from helpdesk.kb.services.drafting import base_of, working_copy
from helpdesk.web.guards import found


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


def packed(content: Content) -> dict[str, Any]:
    """A content as plain JSON."""
    return {"title": content.title, "summary": content.summary, "body": content.body, "tags": list(content.tags)}


def unpacked(values: Mapping[str, Any]) -> Content:
    """The content that `packed` made; what is missing or odd is empty."""
    tags = values.get("tags", [])
    return content_with(
        title=str(values.get("title", "")),
        summary=str(values.get("summary", "")),
        body=str(values.get("body", "")),
        tags=tags if isinstance(tags, list) else [],
    )


def begun_in(form: ArticleForm) -> Content | None:
    """The text with which writing began, as the form carries it."""
    try:
        values = json.loads(str(form.begun.data or ""))
    except ValueError:
        return None
    return unpacked(values) if isinstance(values, dict) else None


def beginning(desk: Desk, unsaved: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the form shows first: what was not saved, else the draft, else what is published."""
    content = working_copy(desk.translation)
    draft = desk.translation.draft if desk.translation else None
    shown = unsaved or packed(content)
    return {
        "base": base_of(desk.translation),
        "begun": json.dumps(packed(content), ensure_ascii=False),
        "title": shown.get("title", ""),
        "summary": shown.get("summary", ""),
        "body": shown.get("body", ""),
        "tags": ", ".join(shown.get("tags", [])),
        "note": shown.get("note", draft.note if draft else ""),
    }
