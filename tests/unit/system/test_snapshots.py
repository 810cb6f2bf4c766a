"""A snapshot holds everything, a drill proves it, a restore brings it back; on the database of the run."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from helpdesk.accounts.models import Customer, User
from helpdesk.app import create_app
from helpdesk.audit.models import AuditEntry
from helpdesk.clock import utc_now
from helpdesk.extensions import db, migrations
from helpdesk.files.store import FileState, LocalFileStore, local_store
from helpdesk.permissions import Role
from helpdesk.system import commands, services, snapshots
from helpdesk.system.errors import NoSnapshot, NotASnapshot, NotConfirmed, OtherDatabase, SnapshotBroken
from helpdesk.tickets.models import Draft, DraftFile
from tests.conftest import drop_database, fresh_database_url, make_settings

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("HELPDESK_TEST_DATABASE_URL")) and shutil.which("pg_dump") is None,
    reason="no pg_dump on this machine: install PostgreSQL's client programs to run these tests",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Flask]:
    """An installation of its own, with one customer and one kept file: snapshots need real commits."""
    folder = tmp_path_factory.mktemp("house")
    url = fresh_database_url(folder, f"snapshot_{worker_name}")
    app = create_app(make_settings(folder, url), TESTING=True)
    with app.app_context():
        migrations.upgrade()
        with db.sessionmaker.begin() as session:
            session.add(_customer("兰亭设计有限公司"))
        kept = app.config["HELPDESK"].var / "files" / "ab" / ("c" * 62)
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"what it says does not matter here")
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def _customer(name: str) -> Customer:
    key = str(uuid4())
    return Customer(name=name, tenant_id=key, domain=f"{key}.onmschina.cn", locale="zh-Hans", created_at=utc_now())


@pytest.fixture
def folder(house: Flask, tmp_path: Path) -> Iterator[Path]:
    """A folder for snapshots, inside the application."""
    with house.app_context():
        yield tmp_path


def _take(house: Flask, folder: Path, *, keep: int = 0) -> services.Snapshot:
    with db.sessionmaker.begin() as session:
        return services.create(session, house.config["HELPDESK"], db.engine, folder=folder, keep=keep, now=utc_now())


def _drill(path: Path) -> services.Snapshot:
    with db.sessionmaker.begin() as session:
        return services.drill(session, db.engine, path=path, now=utc_now())


def _names() -> set[str]:
    with db.sessionmaker() as session:
        return set(session.scalars(sa.select(Customer.name)))


def test_a_snapshot_is_proved_by_a_drill_and_both_are_written_down(house: Flask, folder: Path) -> None:
    taken = _take(house, folder)
    drilled = _drill(taken.path)
    assert drilled.manifest == taken.manifest
    assert taken.manifest.rows["customer"] == len(_names())
    assert taken.manifest.files == {"ab" + "c" * 62}
    assert taken.path.stat().st_mode & 0o077 == 0
    with db.sessionmaker() as session:
        actions = list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)))
    assert actions == [services.DRILLED, services.CREATED]


def test_a_restore_brings_back_rows_and_files_and_takes_later_ones_away(house: Flask, folder: Path) -> None:
    before = _names()
    taken = _take(house, folder)
    files = house.config["HELPDESK"].var / "files"
    shutil.rmtree(files)
    with db.sessionmaker.begin() as session:
        session.add(_customer("later"))
    restored, came_back = services.restore(db.engine, house.config["HELPDESK"], path=taken.path)
    assert (restored.path, came_back) == (taken.path, 1)
    assert _names() == before
    assert (files / "ab" / ("c" * 62)).read_bytes() == b"what it says does not matter here"


def test_a_restore_lets_out_no_file_that_nobody_may_open(house: Flask, folder: Path) -> None:
    store = local_store(house.config["HELPDESK"])
    waiting, bad = "ab" + "d" * 62, "ab" + "e" * 62
    for sha256 in (waiting, bad):
        store.path_of(sha256).write_bytes(b"unknown")
    (store.folder / "waiting").mkdir(exist_ok=True)
    (store.folder / "waiting" / waiting).touch()
    taken = _take(house, folder)
    store.condemn(bad, "Eicar-Test-Signature")
    later = _take(house, folder)
    elsewhere = LocalFileStore(folder / "elsewhere")

    for snapshot in (taken, later):
        assert {waiting, bad} & snapshot.manifest.files == ({waiting, bad} if snapshot is taken else {waiting})
    for snapshot in (later, taken):
        with snapshots.opened(snapshot.path) as (_manifest, unpacked):
            snapshots.bring_files_back(unpacked, elsewhere.folder)

    assert elsewhere.state(waiting) is FileState.WAITING
    assert elsewhere.state(bad) is FileState.CONDEMNED
    assert not elsewhere.path_of(bad).exists()
    store.release(waiting)


def test_only_the_newest_snapshots_are_kept(house: Flask, folder: Path) -> None:
    for stamp in ("20250101T000000Z", "20250102T000000Z"):
        (folder / f"helpdesk-{stamp}.zip").write_bytes(b"old")
    taken = _take(house, folder, keep=2)
    assert snapshots.all_in(folder) == [folder / "helpdesk-20250102T000000Z.zip", taken.path]
    assert snapshots.newest(folder) == taken.path


def _with(path: Path, target: Path, **changed: bytes) -> Path:
    """A copy of a snapshot in which some members hold something else."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            copy.writestr(member, changed.get(member.partition(".")[0], source.read(member)))
    return target


def test_a_changed_member_fails_the_drill(house: Flask, folder: Path) -> None:
    taken = _take(house, folder)
    with pytest.raises(SnapshotBroken, match="database is not what was packed"):
        _drill(_with(taken.path, folder / "changed.zip", database=b"something else"))


def test_a_manifest_that_promises_more_rows_fails_the_drill(house: Flask, folder: Path) -> None:
    taken = _take(house, folder)
    with zipfile.ZipFile(taken.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["rows"]["customer"] += 1
    changed = _with(taken.path, folder / "changed.zip", manifest=json.dumps(manifest).encode())
    with pytest.raises(SnapshotBroken, match="customer has"):
        _drill(changed)


def test_a_member_that_leads_out_of_the_folder_is_refused(house: Flask, folder: Path) -> None:
    taken = _take(house, folder)
    with zipfile.ZipFile(taken.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["sha256"]["../out"] = "0" * 64
    changed = _with(taken.path, folder / "changed.zip", manifest=json.dumps(manifest).encode())
    with pytest.raises(NotASnapshot):
        _drill(changed)


def test_a_snapshot_of_the_other_database_is_refused(house: Flask, folder: Path) -> None:
    taken = _take(house, folder)
    with zipfile.ZipFile(taken.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["engine"] = "postgresql" if manifest["engine"] == "sqlite" else "sqlite"
    changed = _with(taken.path, folder / "changed.zip", manifest=json.dumps(manifest).encode())
    with pytest.raises(OtherDatabase):
        services.restore(db.engine, house.config["HELPDESK"], path=changed)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut off"])
def test_what_is_no_zip_is_refused_in_words(folder: Path, content: bytes) -> None:
    path = folder / "helpdesk-20250101T000000Z.zip"
    path.write_bytes(content)
    with pytest.raises(SnapshotBroken):
        _drill(path)


def test_an_empty_folder_is_said_to_be_empty(folder: Path) -> None:
    with pytest.raises(NoSnapshot, match="helpdesk backup create"):
        snapshots.newest(folder)


def test_a_file_that_is_missing_already_is_noted_and_not_held_against_the_drill(house: Flask, folder: Path) -> None:
    lost = "d" * 64
    with db.sessionmaker.begin() as session:
        person = User(email="a@b.example", name="A", role=Role.AGENT, locale="en", created_at=utc_now())
        session.add(person)
        session.flush()
        draft = Draft(user_id=person.id, place="new:1", updated_at=utc_now())
        draft.files.append(DraftFile(filename="x.txt", content_type="text/plain", size=1, sha256=lost))
        session.add(draft)
    taken = _take(house, folder)
    assert taken.manifest.lost == [lost]
    assert _drill(taken.path).summary()["files_missing"] == 1


def test_a_restore_wants_a_yes(house: Flask) -> None:
    result = FlaskCliRunner(house).invoke(commands.backup, ["restore"])
    assert isinstance(result.exception, NotConfirmed)
