"""Files are kept under their hash, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.files.store import FileStore, LocalFileStore, MemoryFileStore, local_store
from helpdesk.files.uploads import checked_uploads
from tests.unit.files.samples import pdf, upload


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """The real store, and its twin."""
    return LocalFileStore(tmp_path / "files") if request.param == "local" else MemoryFileStore()


def test_what_is_kept_comes_back(store: FileStore) -> None:
    file = checked_uploads([upload("slip.pdf", pdf())])[0]

    store.put(file)
    store.put(file)

    with store.open(file.sha256) as content:
        assert content.read() == pdf()


def test_what_is_kept_lies_under_its_hash_in_the_folder_of_this_installation_and_not_where_pages_are_served(
    app: Flask,
) -> None:
    content = b"kept under its hash"
    file = checked_uploads([upload("slip.txt", content)])[0]
    store = local_store(app.config["HELPDESK"])

    store.put(file)

    path = store.path_of(file.sha256)
    assert path.read_bytes() == content
    assert path.parent.name + path.name == hashlib.sha256(content).hexdigest()
    assert path.is_relative_to(app.config["HELPDESK"].var)
    assert not path.is_relative_to(Path(str(app.static_folder)))


def test_what_was_never_kept_is_not_found(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open("0" * 64)


@pytest.mark.parametrize("name", ["../secret", "", "A" * 64, "0" * 63 + "/"])
def test_only_a_hash_is_an_address(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        LocalFileStore(tmp_path).open(name)


def test_a_crash_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = checked_uploads([upload("slip.pdf", pdf())])[0]
    store = LocalFileStore(tmp_path)

    def crash(_descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="full"):
        store.put(file)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
