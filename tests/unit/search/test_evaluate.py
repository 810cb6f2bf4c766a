"""The figures, and the console commands that show them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from helpdesk.app import create_app
from helpdesk.db import Base, only_read
from helpdesk.extensions import db, settings
from helpdesk.search import jobs
from helpdesk.search.commands import search
from helpdesk.search.contracts import PUBLIC, SearchQuery
from helpdesk.search.evaluate import Figures, UnreadableCases, read_cases
from helpdesk.search.services import index_document, log_click, suggest
from helpdesk.search.services import search as answer_of
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.unit.search.conftest import NOW, article


def test_rank_and_recall_are_counted_to_ten() -> None:
    figures = Figures(ranks=[1, 2, 0, 10], times=[1.0, 2.0, 3.0, 40.0])

    assert figures.as_dict() == {"mrr_at_10": 0.4, "recall_at_10": 0.75, "p50_ms": 3.0, "p99_ms": 40.0, "queries": 4}


def test_expected_is_a_slug_or_several() -> None:
    lines = [
        '{"query": "a", "locale": "en", "expected": "x"}',
        "",
        '{"query": "b", "locale": "ja", "expected": ["x", "y"]}',
    ]

    cases = list(read_cases(lines))

    assert [case.expected for case in cases] == [{"x"}, {"x", "y"}]


@pytest.mark.parametrize("line", ["{", "[]", '{"query": "a"}', '{"query": "a", "locale": "fr", "expected": "x"}'])
def test_an_unreadable_line_is_named(line: str) -> None:
    with pytest.raises(UnreadableCases, match="line 1"):
        list(read_cases([line]))


@pytest.fixture
def installed(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application with its own database and index, and two articles in it."""
    url = fresh_database_url(tmp_path, f"commands_{worker_name}")
    app = create_app(make_settings(tmp_path, url), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        index_document(db.session, article(1, title="Refund of seats"), now=NOW)
        index_document(db.session, article(2, title="Pay an invoice"), now=NOW)
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def _run(app: Flask, *arguments: str) -> Result:
    with app.app_context():
        result = CliRunner().invoke(search, arguments)
    only_read(on=False)
    return result


def test_the_worker_builds_a_missing_index_and_then_drains(installed: Flask) -> None:
    assert _run(installed, "status").exit_code == 1

    assert jobs.index_once(installed, now=NOW) == 2
    assert jobs.index_once(installed, now=NOW) == 0
    with installed.app_context():
        index_document(db.session, article(3, title="Zebra"), now=NOW)
        db.session.commit()
    assert jobs.index_once(installed, now=NOW) == 1

    assert "3 of 3 documents, 0 changes waiting" in _run(installed, "status").output
    with installed.app_context():
        answer = answer_of(db.session, SearchQuery(text="zebra", locale="en"), index=jobs.get_index(settings()))
    assert (answer.total, answer.degraded) == (1, False)


def test_query_shows_what_is_found(installed: Flask) -> None:
    assert "2 documents indexed" in _run(installed, "rebuild").output

    result = _run(installed, "query", "refnd seats")

    assert "article-1" in result.output
    assert "Showing results for: refund seats" in result.output
    as_json = json.loads(_run(installed, "query", "invoice", "--json").output)
    assert [hit["slug"] for hit in as_json["hits"]] == ["article-2"]


def test_evaluate_prints_figures(installed: Flask, tmp_path: Path) -> None:
    _run(installed, "rebuild")
    file = tmp_path / "cases.jsonl"
    rows = [
        {"query": "refund", "locale": "en", "expected": "article-1", "kind": "title"},
        {"query": "invoice", "locale": "en", "expected": ["article-9"]},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows))

    table = _run(installed, "evaluate", str(file), "--missed")
    figures = json.loads(_run(installed, "evaluate", str(file), "--json").output)

    assert "title" in table.output
    assert "missed: invoice" in table.output
    assert (figures["mrr_at_10"], figures["recall_at_10"], figures["queries"]) == (0.5, 0.5, 2)
    assert set(figures) == {"mrr_at_10", "recall_at_10", "p50_ms", "p99_ms", "queries"}


def test_evaluate_refuses_an_unreadable_file(installed: Flask, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("nonsense")

    result = _run(installed, "evaluate", str(file))

    assert result.exit_code == 1
    assert "line 1" in result.output


def test_questions_are_remembered_and_learnt(installed: Flask) -> None:
    query = SearchQuery(text="  Refund of  Seats ", locale="en")
    with installed.app_context():
        only_read()  # as a GET does
        answer = answer_of(db.session, query)
        only_read(on=False)
        ids = [jobs.remember(installed, query, answer, now=NOW) for _ in range(3)]
        db.session.rollback()
        log_click(db.session, ids[0], object_id=1)
        db.session.commit()

    with installed.app_context():
        learnt = jobs.learn_questions(db.session, NOW)
        db.session.commit()

    assert learnt == 1
    with installed.app_context():
        found = suggest(db.session, "refund", locale="en", audiences=PUBLIC)
    assert [one.text for one in found] == ["Refund of seats", "refund of seats"]


def test_expected_names_files_as_well_as_addresses() -> None:
    (case,) = read_cases(['{"query": "a", "locale": "ja", "expected": ["Azure_AD.md", "pay-now"]}'])

    assert case.expected == {"azure-ad", "pay-now"}


def test_what_was_just_published_is_measured_too(installed: Flask, tmp_path: Path) -> None:
    _run(installed, "rebuild")
    with installed.app_context():
        index_document(db.session, article(71, slug="wombats", title="Wombats on a bill"), now=NOW)
        db.session.commit()
    (tmp_path / "rows.jsonl").write_text('{"query": "wombat", "locale": "en", "expected": "wombats"}\n')

    result = _run(installed, "evaluate", str(tmp_path / "rows.jsonl"), "--json")

    assert json.loads(result.stdout)["mrr_at_10"] == 1.0
