"""Where files are kept: under the hash of their content, outside everything that is served."""

from __future__ import annotations

import io
import os
import re
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from helpdesk.config import Settings
from helpdesk.files.errors import FileBeingChecked, FileCondemned
from helpdesk.files.uploads import CheckedFile

_HASH: Final = re.compile(r"^[0-9a-f]{64}$")


class FileState(StrEnum):
    """Whether a kept file may be opened."""

    OPEN = "open"
    WAITING = "waiting"
    """The virus scanner has not answered about it."""
    CONDEMNED = "condemned"
    """A virus was found; the content is gone."""


class FileStore(Protocol):
    """Keeps content by its hash."""

    def put(self, file: CheckedFile) -> None:
        """Keep the content; what is there already stays."""

    def open(self, sha256: str) -> BinaryIO:
        """The content, to be read and closed. Raises `FileNotFoundError`, `FileBeingChecked`, `FileCondemned`."""

    def state(self, sha256: str) -> FileState:
        """Whether the content may be opened."""


class LocalFileStore:
    """A folder: `ab/cdef…`, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Keep files under `folder`."""
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where the content with this hash lies. Raises `ValueError` on anything but a hash."""
        if not _HASH.match(sha256):
            msg = "not a SHA-256"
            raise ValueError(msg)
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, file: CheckedFile) -> None:
        """Write beside the place, sync, and move: a crash leaves nothing half."""
        path = self.path_of(file.sha256)
        if self._mark(file.sha256, FileState.CONDEMNED).exists():
            raise FileCondemned
        if path.exists():
            return
        if file.is_unchecked:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._mark(file.sha256, FileState.WAITING).parent.mkdir(exist_ok=True, mode=0o700)
            self._mark(file.sha256, FileState.WAITING).touch()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as out:
                out.writelines(file.chunks())
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    def open(self, sha256: str) -> BinaryIO:
        """The content from disk. Raises `FileBeingChecked`, `FileCondemned`."""
        _check_state(self.state(sha256))
        return self.path_of(sha256).open("rb")

    def state(self, sha256: str) -> FileState:
        """What the marks say."""
        for state in (FileState.CONDEMNED, FileState.WAITING):
            if self._mark(sha256, state).exists():
                return state
        return FileState.OPEN

    def waiting(self) -> list[str]:
        """Files that the scanner has not answered about, by hash."""
        return self._marked(FileState.WAITING)

    def condemned(self) -> dict[str, str]:
        """Files in which a virus was found: its name by the file's hash."""
        marks = self._marked(FileState.CONDEMNED)
        return {sha256: self._mark(sha256, FileState.CONDEMNED).read_text("utf-8") for sha256 in marks}

    def kept(self) -> list[str]:
        """Everything that is there, by hash."""
        return sorted(f"{path.parent.name}{path.name}" for path in self.folder.glob("??/[0-9a-f]*"))

    def _marked(self, state: FileState) -> list[str]:
        return sorted(path.name for path in (self.folder / state).glob("*") if _HASH.match(path.name))

    def release(self, sha256: str) -> None:
        """Let a file out of quarantine."""
        self._mark(sha256, FileState.WAITING).unlink(missing_ok=True)

    def condemn(self, sha256: str, virus: str = "") -> None:
        """Let nobody open this content ever again; its bytes are thrown away, and what was found is kept."""
        condemned = self._mark(sha256, FileState.CONDEMNED)
        condemned.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        condemned.write_text(virus, "utf-8")
        self.path_of(sha256).unlink(missing_ok=True)
        self.release(sha256)

    def _mark(self, sha256: str, place: str) -> Path:
        self.path_of(sha256)
        return self.folder / place / sha256


class MemoryFileStore:
    """The same in memory, for tests."""

    def __init__(self) -> None:
        """Begin empty."""
        self.contents: dict[str, bytes] = {}
        self.states: dict[str, FileState] = {}

    def put(self, file: CheckedFile) -> None:
        """Keep a copy."""
        self.contents.setdefault(file.sha256, b"".join(file.chunks()))

    def open(self, sha256: str) -> BinaryIO:
        """The copy."""
        _check_state(self.state(sha256))
        if sha256 not in self.contents:
            raise FileNotFoundError(sha256)
        return io.BytesIO(self.contents[sha256])

    def state(self, sha256: str) -> FileState:
        """What a test says of it."""
        return self.states.get(sha256, FileState.OPEN)


def _check_state(state: FileState) -> None:
    if state is FileState.CONDEMNED:
        raise FileCondemned
    if state is FileState.WAITING:
        raise FileBeingChecked


def local_store(settings: Settings) -> LocalFileStore:
    """The folder of this installation, for what concerns files as such."""
    return LocalFileStore(settings.var / "files")


def file_store(settings: Settings) -> FileStore:
    """The store of this installation."""
    return local_store(settings)
