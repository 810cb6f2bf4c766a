"""Where files are kept: under the hash of their content, outside everything that is served."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from helpdesk.config import Settings
from helpdesk.files.errors import FileBeingChecked, FileCondemned
from helpdesk.files.uploads import CheckedFile

_WAITING: Final = "waiting"
_CONDEMNED: Final = "condemned"
_HASH: Final = re.compile(r"^[0-9a-f]{64}$")


class FileStore(Protocol):
    """Keeps content by its hash."""

    def put(self, file: CheckedFile) -> None:
        """Keep the content; what is there already stays."""

    def open(self, sha256: str) -> BinaryIO:
        """The content, to be read and closed. Raises `FileNotFoundError`."""


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
        if self._mark(file.sha256, _CONDEMNED).exists():
            raise FileCondemned
        if path.exists():
            return
        if file.is_unchecked:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._mark(file.sha256, _WAITING).parent.mkdir(exist_ok=True, mode=0o700)
            self._mark(file.sha256, _WAITING).touch()
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
        if self._mark(sha256, _CONDEMNED).exists():
            raise FileCondemned
        if self._mark(sha256, _WAITING).exists():
            raise FileBeingChecked
        return self.path_of(sha256).open("rb")

    def waiting(self) -> list[str]:
        """Files that the scanner has not answered about, by hash."""
        return sorted(path.name for path in (self.folder / _WAITING).glob("*") if _HASH.match(path.name))

    def release(self, sha256: str) -> None:
        """Let a file out of quarantine."""
        self._mark(sha256, _WAITING).unlink(missing_ok=True)

    def condemn(self, sha256: str) -> None:
        """Let nobody open this content ever again; its bytes are thrown away."""
        condemned = self._mark(sha256, _CONDEMNED)
        condemned.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        condemned.touch()
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

    def put(self, file: CheckedFile) -> None:
        """Keep a copy."""
        self.contents.setdefault(file.sha256, b"".join(file.chunks()))

    def open(self, sha256: str) -> BinaryIO:
        """The copy."""
        if sha256 not in self.contents:
            raise FileNotFoundError(sha256)
        return io.BytesIO(self.contents[sha256])


def file_store(settings: Settings) -> FileStore:
    """The store of this installation."""
    return LocalFileStore(settings.var / "files")
