"""Bootstrap's icons, taken from the installed package and set into the page as inline SVG."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from flask import Flask
from markupsafe import Markup


@cache
def _sprite() -> str:
    return files("flask_bootstrap").joinpath("static", "bootstrap5", "icons", "bootstrap-icons.svg").read_text("utf-8")


@cache
def _body(name: str) -> str:
    found = re.search(rf'<symbol[^>]*id="{re.escape(name)}"[^>]*>(.*?)</symbol>', _sprite(), re.DOTALL)
    if found is None:
        msg = f"no icon {name}"
        raise KeyError(msg)
    return found.group(1)


@cache
def icon(name: str, css: str = "") -> Markup:
    """The icon as decoration: screen readers pass over it."""
    return Markup(
        '<svg class="icon {css}" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">'
    ).format(css=css) + Markup(_body(name) + "</svg>")  # noqa: S704 - from the package


def init_app(app: Flask) -> None:
    """Give the templates `icon('receipt')`."""
    app.jinja_env.globals["icon"] = icon
