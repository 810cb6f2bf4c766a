"""One article as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.kb.models import Article, ArticleTranslation, Category
from helpdesk.kb.queries.reader import Listed, best_of
from helpdesk.kb.rendering import Rendered, fill, render_markdown
from helpdesk.kb.rules import Content, content_of
from helpdesk.kb.services.indexing import article_path
from helpdesk.kb.variables import values_in
from helpdesk.web.locale import LOCALES


@dataclass(frozen=True, slots=True)
class Words:
    """The text of an article, ready to show."""

    title: str
    summary: str
    rendered: Rendered
    values: dict[str, str]


def words_of(content: Content, *, locale: str, slug: str) -> Words:
    """Fill in and render what an article says."""
    values = values_in(content.title, content.summary, content.body, locale=locale)
    return Words(
        fill(content.title, values),
        fill(content.summary, values),
        render_markdown(content.body, locale=locale, slug=slug, variables=values),
        values,
    )


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything on the page but the forms."""

    article: Article
    translation: ArticleTranslation
    words: Words
    asked_locale: str
    base_url: str
    related: Sequence[Listed] = ()

    @property
    def is_fallback(self) -> bool:
        """Whether it is shown in another language than was asked for."""
        return self.translation.locale != self.asked_locale

    @property
    def shelves(self) -> list[Category]:
        """The categories above the article, from the outside in."""
        category = self.article.category
        if category is None:
            return []
        return [category.parent, category] if category.parent else [category]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Tag, own name and path of each language that there is."""
        there = {one.locale for one in self.article.translations}
        return [(tag, name, article_path(self.article.slug, tag)) for tag, name in LOCALES.items() if tag in there]

    @property
    def canonical(self) -> str:
        """The one address of this text."""
        return self.base_url + article_path(self.article.slug, self.translation.locale)


def page_of(article: Article, locale: str, *, base_url: str) -> ArticlePage:
    """The page of an article in the best language there is."""
    translation = best_of(article.translations, locale)
    words = words_of(content_of(translation), locale=translation.locale, slug=article.slug)
    return ArticlePage(article, translation, words, locale, base_url.rstrip("/"))
