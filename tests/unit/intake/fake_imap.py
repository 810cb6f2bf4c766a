"""A mailbox on this machine that speaks just enough IMAP."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


class _Talk(socketserver.StreamRequestHandler):
    """One client."""

    server: FakeImap

    def handle(self) -> None:
        """Answer commands until the client leaves."""
        self._say("* OK ready")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            self._answer(rest)
            self._say(f"{tag} OK done")
            if rest.upper().startswith("LOGOUT"):
                return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _answer(self, command: str) -> None:
        mails, upper = self.server.mails, command.upper()
        if upper.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        if upper.startswith("SELECT"):
            self._say(f"* {len(mails)} EXISTS")
        if upper.startswith("UID SEARCH"):
            unseen = [str(number) for number in range(1, len(mails) + 1) if number not in self.server.seen]
            self._say(f"* SEARCH {' '.join(unseen)}")
        if found := re.match(r"UID FETCH (\d+)", command):
            raw = mails[int(found[1]) - 1]
            self.wfile.write(
                f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
            )
        if found := re.match(r"UID STORE (\d+)", command):
            self.server.seen.add(int(found[1]))
        if upper.startswith("LOGOUT"):
            self._say("* BYE")


class FakeImap(socketserver.ThreadingTCPServer):
    """The server: its mails, and which of them were seen."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mails: list[bytes]) -> None:
        """Hold some mails."""
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails = mails
        self.seen: set[int] = set()

    @property
    def url(self) -> str:
        """How to reach it."""
        return f"imap://box:secret@127.0.0.1:{self.server_address[1]}/INBOX"


@contextmanager
def mailbox_with(*mails: bytes) -> Iterator[FakeImap]:
    """Run the server for a while."""
    with FakeImap(list(mails)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
