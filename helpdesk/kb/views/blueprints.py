"""The two rooms of the knowledge base: reading and writing."""

from __future__ import annotations

from flask import Blueprint

kb_bp = Blueprint("kb", __name__)
editor_bp = Blueprint("editor", __name__, url_prefix="/work/articles")
