"""How an uploaded file goes on."""

from __future__ import annotations

from typing import Final

from helpdesk.billing.models import ImportState
from helpdesk.errors import DomainError

TRANSITIONS: Final[dict[ImportState, frozenset[ImportState]]] = {
    ImportState.RECEIVED: frozenset({ImportState.CHECKED, ImportState.REFUSED}),
    ImportState.CHECKED: frozenset({ImportState.WANTED, ImportState.DROPPED}),
    ImportState.WANTED: frozenset({ImportState.DONE, ImportState.REFUSED}),
    ImportState.DONE: frozenset(),
    ImportState.REFUSED: frozenset(),
    ImportState.DROPPED: frozenset(),
}


class ImportMoved(DomainError):
    """This file has gone on since you looked. Reload the page."""


class ImportNotReady(DomainError):
    """Some rows are bad. Say that the good rows shall go in without them, or mend the file and upload it again."""


class ImportEmpty(DomainError):
    """The file is empty. Choose the file that you exported."""


class ImportTooLarge(DomainError):
    """The file is larger than %(limit)s MB. Split it, or import it with the console."""


def check_import_move(before: ImportState, after: ImportState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `ImportMoved`."""
    if after not in TRANSITIONS[before]:
        raise ImportMoved
