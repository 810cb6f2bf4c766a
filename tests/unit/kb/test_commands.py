"""`helpdesk kb`: results on standard output, messages on standard error, exit codes that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from helpdesk.extensions import db
from helpdesk.kb.commands import kb
from helpdesk.kb.models import Article
from helpdesk.search.models import OutboxRow
from tests.unit.kb.shelf import write_article


@pytest.fixture
def _same_transaction(session: Session) -> Iterator[None]:
    yield
    db.session.close()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(kb, [str(argument) for argument in arguments])


@pytest.mark.usefixtures("_same_transaction")
def test_an_import_reports_one_object_a_file(tmp_path: Path) -> None:
    write_article(tmp_path, "due")

    result = run("import", tmp_path, "--json")

    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"slug": "due", "locale": "en", "action": "created", "missing_links": ["late"]}
    ]
    assert "1 created" in result.stderr


@pytest.mark.usefixtures("_same_transaction")
def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    write_article(tmp_path, "due")

    result = run("import", tmp_path, "--dry-run")

    assert result.exit_code == 0
    assert "1 created" in result.stderr
    assert db.session.scalars(sa.select(Article)).all() == []


@pytest.mark.usefixtures("_same_transaction")
def test_a_broken_file_is_exit_code_one_and_a_wrong_call_two(tmp_path: Path) -> None:
    (tmp_path / "due").mkdir()
    (tmp_path / "due" / "en.md").write_text("---\ntitle: [\n---\n")

    assert run("import", tmp_path).exit_code == 1
    assert run("import", tmp_path / "nowhere").exit_code == 2
    assert run("import", tmp_path, "--locale", "xx").exit_code == 2


@pytest.mark.usefixtures("_same_transaction")
def test_an_export_writes_what_was_imported(tmp_path: Path) -> None:
    write_article(tmp_path / "in", "due")
    run("import", tmp_path / "in")

    result = run("export", tmp_path / "out", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"slug": "due", "locale": "en", "action": "created"}
    assert (tmp_path / "out" / "due" / "en.md").is_file()


@pytest.mark.usefixtures("_same_transaction")
def test_the_check_names_its_findings(tmp_path: Path) -> None:
    write_article(tmp_path, "due")

    result = run("check", tmp_path)

    assert result.exit_code == 1
    assert json.loads(result.stdout.splitlines()[0])["problem"] == "links to late, which is not there"


@pytest.mark.usefixtures("_same_transaction")
def test_an_import_can_be_found_when_the_command_ends(tmp_path: Path) -> None:
    write_article(tmp_path, "due")

    run("import", tmp_path)

    assert db.session.scalars(sa.select(OutboxRow)).all() == []
