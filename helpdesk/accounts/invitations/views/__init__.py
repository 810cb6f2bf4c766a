"""Pages for those who invite and those who are invited."""

from helpdesk.accounts.invitations.views import accepting, inviting
from helpdesk.accounts.invitations.views.blueprint import bp

__all__ = ["accepting", "bp", "inviting"]
