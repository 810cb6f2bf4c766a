"""Refusals about personal data."""

from __future__ import annotations

from helpdesk.errors import DomainError


class NobodyThere(DomainError):
    """No person and no organisation is known as “%(name)s”."""


class OneSubject(DomainError):
    """Name one person or one organisation, not both and not neither."""


class FileIsThere(DomainError):
    """“%(name)s” is there already. Choose another name."""
