"""Sessions: a row for each device, begun at sign-in, ended by the person, by time, or with the password."""

from helpdesk.accounts.sessions.browser import begin, end

__all__ = ["begin", "end"]
