"""Pages about people: of one's organisation, of a customer, of the whole house."""

from helpdesk.accounts.people.views import changes, lists
from helpdesk.accounts.people.views.blueprint import bp

__all__ = ["bp", "changes", "lists"]
