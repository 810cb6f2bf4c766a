"""The security page, and the question “is it still you?”."""

from helpdesk.accounts.sessions.views import confirming, devices
from helpdesk.accounts.sessions.views.blueprint import bp

__all__ = ["bp", "confirming", "devices"]
