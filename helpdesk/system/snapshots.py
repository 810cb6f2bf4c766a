"""A snapshot: one zip with the database, every kept file, the articles, and a manifest that says what must be in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from helpdesk.files.store import FileState
from helpdesk.system.errors import NoSnapshot, NotASnapshot, SnapshotBroken

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
ARTICLES: Final = "articles.zip"
_FILES: Final = "files/"
_MARKS: Final = tuple(f"{state}/" for state in (FileState.WAITING, FileState.CONDEMNED))
"""Which of the files nobody may open: a snapshot that forgot them would let them out."""
_NAME: Final = "helpdesk-{:%Y%m%dT%H%M%SZ}.zip"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds: `sha256` by member, `rows` by table, `lost` the files that were missing already."""

    format: int
    engine: str
    revision: str
    taken_at: str
    rows: dict[str, int]
    articles: int
    lost: list[str]
    sha256: dict[str, str]

    @property
    def files(self) -> frozenset[str]:
        """Hashes of the kept files in it."""
        names = (name.removeprefix(_FILES) for name in self.sha256 if name.startswith(_FILES))
        return frozenset(name.replace("/", "") for name in names if not name.startswith(_MARKS))


def new_path(folder: Path, now: datetime) -> Path:
    """Where a snapshot taken at `now` goes."""
    return folder / _NAME.format(now.astimezone(UTC))


def newest(folder: Path) -> Path:
    """The last snapshot in `folder`. Raises `NoSnapshot`."""
    found = all_in(folder)
    if not found:
        raise NoSnapshot(folder=folder)
    return found[-1]


def all_in(folder: Path) -> list[Path]:
    """The snapshots in `folder`, oldest first."""
    return sorted(folder.glob("helpdesk-*Z.zip"))


def write(
    target: Path, *, database: Path, articles: bytes, files: Path, describe: dict[str, object], lost: list[str]
) -> Manifest:
    """Pack everything; `target` appears whole or not at all, readable by its owner alone."""
    beside = target.with_suffix(".part")
    sums: dict[str, str] = {}
    handle = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive:
                sums[DATABASE] = _add(archive, DATABASE, database)
                sums[ARTICLES] = hashlib.sha256(articles).hexdigest()
                archive.writestr(ARTICLES, articles)
                for path in _kept_and_marks(files):
                    name = _FILES + path.relative_to(files).as_posix()
                    sums[name] = _add(archive, name, path)
                manifest = Manifest(format=FORMAT, sha256=sums, lost=lost, **describe)  # type: ignore[arg-type]
                archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


def _kept_and_marks(files: Path) -> list[Path]:
    return sorted(found for pattern in ("??", *_MARKS) for found in files.glob(f"{pattern.strip('/')}/[0-9a-f]*"))


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """Unpack a snapshot beside, every member checked against the manifest; the folder is gone afterwards.

    Raises `NotASnapshot`, `SnapshotBroken`.
    """
    with TemporaryDirectory(prefix="helpdesk-snapshot-") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = _manifest(archive, path)
                for member, expected in manifest.sha256.items():
                    if _unpack(archive, member, folder) != expected:
                        raise SnapshotBroken(file=path.name, reason=f"{member} is not what was packed")
        except (zipfile.BadZipFile, EOFError, KeyError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            reason = str(error) or "the zip ends early"
            raise SnapshotBroken(file=path.name, reason=reason) from error
        yield manifest, folder


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
    except (KeyError, ValueError, TypeError) as error:
        raise NotASnapshot(file=path.name) from error
    if manifest.format != FORMAT or any(part in {"", ".", ".."} for one in manifest.sha256 for part in one.split("/")):
        raise NotASnapshot(file=path.name)
    return manifest


def _unpack(archive: zipfile.ZipFile, member: str, folder: Path) -> str:
    target = folder / member
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with archive.open(member) as source, target.open("wb") as out:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def bring_files_back(folder: Path, store: Path) -> int:
    """Copy the kept files of an unpacked snapshot into the store; what is there already stays. Gives how many came."""
    count = 0
    places = [path.relative_to(folder / _FILES) for path in (folder / _FILES).glob("*/*")]
    for place in sorted(places, key=lambda place: len(place.parts[0]), reverse=True):  # marks before what they close
        target = store / place
        if target.exists() or (store / FileState.CONDEMNED / "".join(place.parts)).exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = target.with_name(f".{target.name}")
        shutil.copyfile(folder / _FILES / place, beside)
        beside.replace(target)
        count += not place.as_posix().startswith(_MARKS)
    return count
