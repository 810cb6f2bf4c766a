"""Where files are kept: under the hash of their content, outside everything that is served."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from helpdesk.config import Settings
from helpdesk.files.uploads import CheckedFile

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
        if path.exists():
            return
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
        """The content from disk."""
        return self.path_of(sha256).open("rb")


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
