"""A packet as a zip: what to paste, the fields as a table, and the chosen files."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import PurePosixPath
from typing import IO, Final

from helpdesk.errors import DomainError
from helpdesk.escalations.models import EscalationPacket
from helpdesk.files.store import FileStore

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class FileLost(DomainError):
    """“%(name)s” is no longer in the file store, so the packet cannot be put together. Choose the files again."""


def write_bundle(target: IO[bytes], packet: EscalationPacket, *, store: FileStore) -> None:
    """Write the zip of `packet` to `target`; the same packet gives the same names and texts. Raises `FileLost`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("packet-zh-Hans.txt", packet.value("title_zh") + "\n\n" + packet.value("description_zh"))
        archive.writestr("packet-en.txt", packet.value("title_en") + "\n\n" + packet.value("description_en"))
        archive.writestr("fields.csv", table_of(packet))
        taken: set[str] = set()
        for file in packet.files:
            _add(archive, f"files/{_free_name(str(file['filename']), taken)}", file, store)


def _add(archive: zipfile.ZipFile, name: str, file: dict[str, object], store: FileStore) -> None:
    try:
        content = store.open(str(file["sha256"]))
    except FileNotFoundError as error:
        raise FileLost(name=file["filename"]) from error
    with content, archive.open(name, "w") as place:
        shutil.copyfileobj(content, place)


def _free_name(name: str, taken: set[str]) -> str:
    """Tell two files of one name apart."""
    free, number = name, 1
    while free.lower() in taken:
        number += 1
        path = PurePosixPath(name)
        free = f"{path.stem} ({number}){path.suffix}"
    taken.add(free.lower())
    return free


def table_of(packet: EscalationPacket) -> bytes:
    """Give the fields as CSV with a byte order mark, so that spreadsheets read Chinese; no cell is a formula."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["charge", "field", "value"])
    for field in packet.fields:
        rows.writerow([field["charge"] or "", field["key"], _cell(str(field["value"]))])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
