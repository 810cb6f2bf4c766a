"""Markdown in, safe HTML out: the only place where text becomes Markup."""

from helpdesk.kb.rendering.cache import fill, plain_text, render_markdown, variables_in, words_of
from helpdesk.kb.rendering.markdown import Heading, Profile, Rendered

__all__ = ["Heading", "Profile", "Rendered", "fill", "plain_text", "render_markdown", "variables_in", "words_of"]
