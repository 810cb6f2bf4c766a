"""Why a snapshot was refused; each docstring is the sentence the operator reads."""

from __future__ import annotations

from helpdesk.errors import DomainError


class NoSnapshot(DomainError):
    """There is no snapshot in %(folder)s: make one with helpdesk backup create."""


class NotASnapshot(DomainError):
    """%(file)s is not a snapshot of this helpdesk."""


class SnapshotBroken(DomainError):
    """%(file)s is broken: %(reason)s."""


class OtherDatabase(DomainError):
    """%(file)s was taken from %(theirs)s, but this installation runs on %(ours)s."""


class ToolFailed(DomainError):
    """%(tool)s did not succeed: %(reason)s."""


class ToolMissing(DomainError):
    """%(tool)s was not found: install PostgreSQL's client programs in the version of the server or newer."""


class NotConfirmed(DomainError):
    """A restore replaces everything in this installation: say so with --yes."""


class NoScannerSet(DomainError):
    """No virus scanner is set up. Set HELPDESK_CLAMD to where ClamAV listens."""
