"""The virus scanner: a fake clamd on loopback that speaks INSTREAM."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.files.errors import FileBeingChecked, FileCondemned, FileInfected
from helpdesk.files.quarantine import rescan
from helpdesk.files.scanning import Clamd, NoScanner, Verdict
from helpdesk.files.store import FileState, LocalFileStore
from helpdesk.files.uploads import CheckedFile, examine_uploads
from tests.unit.files.samples import pdf, upload

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"
"""The beginning of the test file that every scanner knows; not a virus."""


class FakeClamd:
    """Answers one connection after another as clamd does."""

    def __init__(self, says: bytes = b"") -> None:
        """Listen on a free port; `says` replaces the answer."""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.place = "127.0.0.1:" + str(self.listening.getsockname()[1])
        self.says = says
        self.heard: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as coming:
                line.sendall(self._answer(coming))

    def _answer(self, coming: io.BufferedReader) -> bytes:
        assert coming.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", coming.read(4))[0]:
            content += coming.read(size)
        self.heard.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        return self.says or found


@contextmanager
def clamd(says: bytes = b"") -> Iterator[FakeClamd]:
    """A fake daemon for a while."""
    fake = FakeClamd(says)
    try:
        yield fake
    finally:
        fake.listening.close()


def silent() -> Clamd:
    """A place at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return Clamd(f"127.0.0.1:{port}", seconds=0.5)


def test_a_clean_file_passes_and_arrives_whole_at_the_scanner() -> None:
    with clamd() as fake:
        answer = Clamd(fake.place).ask([b"a" * 300_000, b"b"])

    assert answer.verdict is Verdict.CLEAN
    assert fake.heard == [b"a" * 300_000 + b"b"]


def test_a_virus_is_named() -> None:
    with clamd() as fake:
        answer = Clamd(fake.place).ask([EICAR])

    assert (answer.verdict, answer.signature) == (Verdict.INFECTED, "Eicar-Test-Signature")


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK and more\0", b"\xff\0"])
def test_an_answer_that_is_neither_is_no_answer(says: bytes) -> None:
    with clamd(says) as fake:
        assert Clamd(fake.place).ask([b"x"]).verdict is Verdict.UNKNOWN


def test_a_scanner_that_is_down_knows_nothing_and_raises_nothing() -> None:
    assert silent().ask([b"x"]).verdict is Verdict.UNKNOWN


def test_an_infected_file_is_refused_in_words_and_the_others_are_taken() -> None:
    with clamd() as fake:
        found = examine_uploads(
            [upload("notes.txt", EICAR + b" and more"), upload("slip.pdf", pdf())], scanner=Clamd(fake.place)
        )

    assert [file.filename for file in found.accepted] == ["slip.pdf"]
    assert [type(refusal) for refusal in found.refused] == [FileInfected]
    assert "notes.txt" in str(found.refused[0])


def test_without_a_scanner_nothing_waits(tmp_path: Path) -> None:
    store, file = LocalFileStore(tmp_path), taken(NoScanner())

    store.put(file)

    assert store.waiting() == []
    store.open(file.sha256).close()


def taken(scanner: NoScanner | Clamd, content: bytes = b"") -> CheckedFile:
    """One file as the form gives it."""
    return examine_uploads([upload("slip.pdf", content or pdf())], scanner=scanner).accepted[0]


def test_what_nobody_could_check_is_kept_and_not_given_out(tmp_path: Path) -> None:
    store, file = LocalFileStore(tmp_path), taken(silent())

    store.put(file)

    assert store.waiting() == [file.sha256]
    with pytest.raises(FileBeingChecked):
        store.open(file.sha256)


def test_the_worker_lets_clean_files_go_and_keeps_infected_ones_for_good(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    clean, bad = taken(silent()), taken(silent(), pdf() + EICAR + b"\n%%EOF\n")
    for file in (clean, bad):
        store.put(file)

    with clamd() as fake:
        done = rescan(store, Clamd(fake.place), store.waiting())

    assert done == (1, 1)
    assert store.waiting() == []
    store.open(clean.sha256).close()
    with pytest.raises(FileCondemned):
        store.open(bad.sha256)
    assert store.condemned() == {bad.sha256: "Eicar-Test-Signature"}


def test_what_was_clean_when_it_came_is_condemned_once_the_scanner_knows_better(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    file = taken(NoScanner(), pdf() + EICAR + b"\n%%EOF\n")
    store.put(file)
    store.open(file.sha256).close()

    with clamd() as fake:
        assert rescan(store, Clamd(fake.place), store.kept()) == (0, 1)

    assert store.state(file.sha256) is FileState.CONDEMNED
    assert store.kept() == []


def test_while_the_scanner_is_down_everything_waits_and_it_is_asked_once(tmp_path: Path) -> None:
    store, file = LocalFileStore(tmp_path), taken(silent())
    store.put(file)

    assert rescan(store, silent(), store.waiting()) == (0, 0)
    assert store.waiting() == [file.sha256]


def test_a_file_that_was_condemned_is_not_taken_again(tmp_path: Path) -> None:
    store, file = LocalFileStore(tmp_path), taken(silent())
    store.put(file)
    store.condemn(file.sha256)

    with pytest.raises(FileCondemned):
        store.put(file)
