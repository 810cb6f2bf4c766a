"""Small real files of every kind that may be sent, and a few that may not."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from werkzeug.datastructures import FileStorage


def upload(name: str, content: bytes) -> FileStorage:
    """A file as a form brings it."""
    return FileStorage(io.BytesIO(content), filename=name, name="files")


def pdf() -> bytes:
    """A one-page PDF."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
        b"xref\n0 4\ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture of that size; only its header is true for large ones."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\0\0\0" * min(width, 4) for _ in range(min(height, 4)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """The frame of a JPEG of that size."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xc0\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x02\x00\xff\xd9"
    )


def webp(width: int = 2, height: int = 2) -> bytes:
    """The header of an extended WebP of that size."""
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0"
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def office(folder: str, **extra: bytes) -> bytes:
    """A workbook (`xl`) or document (`word`)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def mail() -> bytes:
    """A saved mail."""
    return b"From: a@example.com\r\nSubject: Bank slip\r\nDate: Tue, 24 Nov 2026 10:00:00 +0800\r\n\r\nHello\r\n"


EVERY_KIND = {
    "slip.pdf": pdf(),
    "slip.png": png(),
    "slip.jpg": jpeg(),
    "slip.jpeg": jpeg(),
    "slip.webp": webp(),
    "notes.txt": "发票金额不对".encode(),
    "rows.csv": "发票,金额\nINV-1,10\n".encode("gb18030"),
    "rows.xlsx": office("xl"),
    "letter.docx": office("word"),
    "mail.eml": mail(),
}
