"""The pages: reading, finding, writing."""

from helpdesk.kb.views import editor, feeds, insights, reader, searching
from helpdesk.kb.views.blueprints import editor_bp, kb_bp

__all__ = ["blueprints", "editor", "feeds", "insights", "reader", "searching"]

blueprints = [kb_bp, editor_bp]
