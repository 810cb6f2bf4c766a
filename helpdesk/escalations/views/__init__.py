"""The pages of the slice; importing them fills the blueprint."""

from helpdesk.escalations.views import board, case, gate, packet, quality, steps
from helpdesk.escalations.views.shared import bp

blueprints = [bp]

__all__ = ["blueprints", "board", "case", "gate", "packet", "quality", "steps"]
