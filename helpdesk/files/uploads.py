"""What comes with a form: each file looked at before anything is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final, cast

from flask import has_app_context
from werkzeug.datastructures import FileStorage

from helpdesk.extensions import settings
from helpdesk.files.checks import CONTENT_TYPES, check_content
from helpdesk.files.errors import (
    FileEmpty,
    FileInfected,
    FileRefused,
    FilesTooLarge,
    FileTooLarge,
    FileTypeRefused,
    TooManyFiles,
)
from helpdesk.files.names import clean_name, ending_of
from helpdesk.files.scanning import NoScanner, Scanner, Verdict, scanner_of
from helpdesk.limits import REQUEST_MAX_BYTES, UPLOAD_MAX_BYTES, UPLOAD_MAX_FILES, UPLOAD_TYPES

_CHUNK: Final = 256 * 1024
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its clean name, its true type, its hash, and its content."""

    filename: str
    content_type: str
    size: int
    """Bytes."""
    sha256: str
    stream: BinaryIO = field(repr=False, compare=False)
    is_unchecked: bool = False
    """Whether the virus scanner did not answer: then it waits in quarantine."""

    def chunks(self) -> Iterator[bytes]:
        """The content from its beginning, in pieces."""
        self.stream.seek(0)
        while piece := self.stream.read(_CHUNK):
            yield piece


@dataclass(slots=True)
class Examined:
    """What came with one form: files that may be kept, and why others may not."""

    accepted: list[CheckedFile] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)


def examine_uploads(uploads: Iterable[FileStorage], *, scanner: Scanner | None = None) -> Examined:
    """Look at every file of a form; nothing is raised, each refusal is kept with its reason.

    `scanner` is by default the installation's own.
    """
    scanner = scanner or _scanner()
    found = Examined()
    total = 0
    for upload in uploads:
        if not upload.filename:
            continue
        try:
            checked = scanned(_checked(upload, so_far=total, count=len(found.accepted)), scanner)
        except FileRefused as refusal:
            found.refused.append(refusal)
            continue
        total += checked.size
        found.accepted.append(checked)
    return found


def checked_uploads(uploads: Iterable[FileStorage]) -> list[CheckedFile]:
    """The files of a form. Raises the first `FileRefused`; an empty file field is nothing."""
    found = examine_uploads(uploads)
    if found.refused:
        raise found.refused[0]
    return found.accepted


def _checked(upload: FileStorage, *, so_far: int, count: int) -> CheckedFile:
    name = clean_name(upload.filename or "")
    ending = ending_of(name)
    if ending not in UPLOAD_TYPES:
        raise FileTypeRefused(name=name, types=", ".join(ending.upper() for ending in UPLOAD_TYPES if ending != "jpeg"))
    if count >= UPLOAD_MAX_FILES:
        raise TooManyFiles(name=name, limit=UPLOAD_MAX_FILES)
    stream = cast("BinaryIO", upload.stream)
    size = stream.seek(0, 2)
    _check_size(name, size, so_far=so_far)
    check_content(stream, name=name, ending=ending)
    return CheckedFile(name, CONTENT_TYPES[ending], size, _sha256(stream), stream)


def _scanner() -> Scanner:
    return scanner_of(settings()) if has_app_context() else NoScanner()


def scanned(file: CheckedFile, scanner: Scanner) -> CheckedFile:
    """The file with what the scanner knows of it. Raises `FileInfected`."""
    answer = scanner.ask(file.chunks())
    if answer.verdict is Verdict.INFECTED:
        raise FileInfected(name=file.filename)
    return replace(file, is_unchecked=answer.verdict is Verdict.UNKNOWN)


def _check_size(name: str, size: int, *, so_far: int) -> None:
    if size == 0:
        raise FileEmpty(name=name)
    if size > UPLOAD_MAX_BYTES:
        raise FileTooLarge(name=name, limit=UPLOAD_MAX_BYTES // _MEGABYTE)
    if so_far + size > REQUEST_MAX_BYTES:
        raise FilesTooLarge(name=name, limit=REQUEST_MAX_BYTES // _MEGABYTE)


def _sha256(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest()
