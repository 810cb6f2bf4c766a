"""The files of an index, read where they lie: mapped, never copied.

Whoosh maps a segment's compound file too, but then copies each piece of it into memory that no other thread or
process shares. Here every reader of a machine shares the system's cache of the file.
"""

from __future__ import annotations

import io
import mmap
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile


class MappedStorage(FileStorage):
    """A folder with an index; compound files are mapped. A mapping outlives the removal of its file."""

    def open_file(self, name: str, **options: Any) -> Any:  # noqa: ANN401 - Whoosh has no types
        """Open an existing file."""
        if not name.endswith(".seg"):
            return super().open_file(name, **options)
        with Path(self.folder, name).open("rb") as file:
            return Mapped(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), name)


class Mapped(BufferFile):
    """A mapped file, or a piece of one."""

    def __init__(self, view: memoryview, name: str | None = None) -> None:
        """Nothing is read, and unlike in Whoosh's own class nothing copied."""
        self._buf = view
        self._name = name
        self.file = _Window(view)
        self.onclose = None
        self.is_real = self.is_closed = False

    def subset(self, position: int, length: int, name: str | None = None) -> Mapped:
        """A piece of it."""
        return Mapped(self._buf[position : position + length], name or self._name)


class _Window:
    """Reads a view as a file."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def read(self, size: int = -1) -> bytes:
        begun = self._at
        self._at = len(self._view) if size < 0 else min(begun + size, len(self._view))
        return bytes(self._view[begun : self._at])

    def readline(self, size: int = -1) -> bytes:
        begun, longest = self._at, len(self._view) - self._at if size < 0 else size
        line = io.BytesIO(self._view[begun : begun + longest]).readline()
        self._at += len(line)
        return line

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, len(self._view))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view = memoryview(b"")
