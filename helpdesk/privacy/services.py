"""Handing out what is kept about a person or an organisation."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.db import KEPT_FILE
from helpdesk.files.errors import FileBeingChecked, FileCondemned
from helpdesk.files.store import FileStore
from helpdesk.models import Base
from helpdesk.privacy.queries import Row, Subject, rows_of

_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Export:
    """What went into the file."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    files_missing: list[str] = field(default_factory=list)
    """Files that are lost, or that nobody may open: still being checked, or found harmful."""

    def summary(self) -> dict[str, Any]:
        """For the audit trail and the console."""
        return {"rows": sum(self.rows.values()), "files": self.files, "files_missing": len(self.files_missing)}


def export(
    session: Session, subject: Subject, out: IO[bytes], *, files: FileStore, actor_id: int | None, now: datetime
) -> Export:
    """Write a zip with one JSON file a table, and the kept files; what is written down is that it was done."""
    made = Export()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in rows_of(session, subject):
            made.rows[name] = len(rows)
            kept = [column.name for column in Base.metadata.tables[name].columns if column.info == KEPT_FILE]
            for row in rows:
                for column in kept:
                    if row.get(column):
                        row["file"] = _add(archive, made, files, _name(name, row), row[column])
            archive.writestr(f"data/{name}.json", _json(rows))
        archive.writestr("about.json", _json(_about(subject, made, now)))
    record(
        session,
        "privacy.exported",
        object_type="user" if isinstance(subject, User) else "customer",
        object_id=subject.id if isinstance(subject, User) else subject.public_id,
        actor_id=actor_id,
        now=now,
        after=made.summary(),
    )
    return made


def _add(archive: zipfile.ZipFile, made: Export, files: FileStore, name: str, sha256: str) -> str | None:
    try:
        with files.open(sha256) as content, archive.open(name, "w") as entry:
            while chunk := content.read(_CHUNK):
                entry.write(chunk)
    except (FileNotFoundError, FileBeingChecked, FileCondemned):
        made.files_missing.append(name)
        return None
    made.files += 1
    return name


def _name(table: str, row: Row) -> str:
    ending = str(row["filename"]).rpartition(".")[2].lower()
    stem = f"files/{table}/{row['public_id']}"
    return f"{stem}.{ending}" if ending.isascii() and ending.isalnum() else stem


def _about(subject: Subject, made: Export, now: datetime) -> dict[str, Any]:
    return {
        "subject": subject.email if isinstance(subject, User) else subject.domain,
        "made_at": now,
        "rows": made.rows,
        "files": made.files,
        "files_missing": made.files_missing,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_text)


def _text(value: Any) -> str:  # noqa: ANN401 - json's signature
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
