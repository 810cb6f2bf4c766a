"""The words of a page: its catalogue is found once, where Flask-Babel looks for it at every word."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Domain, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from helpdesk.extensions import babel


class Texts(Domain):
    """Our catalogues."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the page's language; kept until `refresh` or `force_locale` chooses another."""
        if not g:
            return NullTranslations()
        context = g.setdefault("_flask_babel", SimpleNamespace())
        known: NullTranslations | None = getattr(context, "babel_translations", None)
        if known is None:
            known = context.babel_translations = super().get_translations()
        return known


@lru_cache(maxsize=16384)
def _plain_words(catalogue: NullTranslations, text: str) -> Markup:
    """Words without a variable are the same on every page."""
    return Markup(catalogue.ugettext(text)) % {}  # noqa: S704 - our own texts, as in Jinja's extension


@pass_eval_context
def words(context: EvalContext, text: str, /, **values: Any) -> str:  # noqa: ANN401 - whatever the words hold
    """`text` in the page's language, with `values` in it, escaped where the page is."""
    catalogue = get_translations()
    if not context.autoescape:
        return str(catalogue.ugettext(text)) % values
    if not values:
        return _plain_words(catalogue, text)
    return Markup(catalogue.ugettext(text)) % values  # noqa: S704 - our own texts; the values are escaped


def init_app(app: Flask) -> None:
    """Look words up so, and give the templates `_('...')` past the three calls a word that Jinja's extension takes."""
    babel.domain_instance = Texts()
    app.jinja_env.globals.update(_=words, gettext=words)
