"""Asking a virus scanner about a file: ClamAV's INSTREAM over a socket, or nobody where none is set up."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import structlog

from helpdesk.config import Settings

log = structlog.get_logger(__name__)

SECONDS: Final = 10.0
"""So long a person who sends a file waits for the scanner; later the worker asks again."""
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"^stream: (?P<name>.+) FOUND$")


class Verdict(StrEnum):
    """What is known of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scanner said."""

    verdict: Verdict
    signature: str = ""
    """The name of what was found."""


class Scanner(Protocol):
    """Looks for viruses."""

    def ask(self, chunks: Iterable[bytes]) -> Answer:
        """Give the verdict on a file; a scanner that does not answer knows nothing, and raises nothing."""


class NoScanner:
    """Where no scanner is set up, every file passes."""

    def ask(self, chunks: Iterable[bytes]) -> Answer:
        """Let it pass."""
        del chunks
        return Answer(Verdict.CLEAN)


class Later:
    """Where a file is too large for somebody to wait for the scanner: the worker asks about it."""

    def ask(self, chunks: Iterable[bytes]) -> Answer:
        """Know nothing yet."""
        del chunks
        return Answer(Verdict.UNKNOWN)


class Clamd:
    """ClamAV's daemon at `host:port`. Protocol: https://docs.clamav.net, clamd(8), INSTREAM."""

    def __init__(self, place: str, *, seconds: float = SECONDS) -> None:
        """Ask at `place`, and wait so long for each step."""
        host, _, port = place.rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._seconds = seconds

    def ask(self, chunks: Iterable[bytes]) -> Answer:
        """Send the file in pieces, each after its length, then a length of nothing."""
        try:
            with socket.create_connection(self._address, timeout=self._seconds) as line:
                line.sendall(b"zINSTREAM\0")
                for chunk in chunks:
                    line.sendall(struct.pack(">I", len(chunk)) + chunk)
                line.sendall(struct.pack(">I", 0))
                return _read(_said(line))
        except OSError as error:
            log.warning("scanner_silent", error=repr(error))
            return Answer(Verdict.UNKNOWN)


def _said(line: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < _LONGEST_ANSWER:
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        heard += piece
    return heard.rstrip(b"\0\n").decode(errors="replace")


def _read(text: str) -> Answer:
    if text == "stream: OK":
        return Answer(Verdict.CLEAN)
    if found := _FOUND.match(text):
        return Answer(Verdict.INFECTED, found["name"][:100])
    log.warning("scanner_unclear", said=text[:200])
    return Answer(Verdict.UNKNOWN)


def scanner_of(settings: Settings) -> Scanner:
    """The scanner of this installation."""
    return Clamd(settings.clamd) if settings.clamd else NoScanner()
