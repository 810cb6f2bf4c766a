"""Setting the second step up, and being asked for it."""

from helpdesk.accounts.second_factor.views import codes, set_up, step
from helpdesk.accounts.second_factor.views.blueprint import bp

__all__ = ["bp", "codes", "set_up", "step"]
