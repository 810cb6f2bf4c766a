"""The policy from the console."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.collections.commands import policy
from helpdesk.collections.queries import policy_version
from helpdesk.collections.rules.policies import StagesUnordered


@pytest.fixture(autouse=True)
def _in_application(app: Flask, session: Session) -> Iterator[None]:
    """Commands run inside the application."""
    with app.app_context():
        yield


def run(*words: str) -> Result:
    """Run `helpdesk policy ...`."""
    return CliRunner().invoke(policy, list(words))


def test_a_version_is_published_with_the_shipped_terms_in_the_partners_name(session: Session) -> None:
    result = run("publish", "--effective-from", "2026-12-01", "--suspension", "35")

    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["version"], answer["effective_from"], answer["stages"]["suspension"]) == (1, "2026-12-01", 35)
    published = policy_version(session, 1)
    assert published is not None
    assert published.effective_from == date(2026, 12, 1)
    assert all("Lanhe Cloud" in text.body and "35" in text.body for text in published.texts)


def test_stages_without_their_order_are_refused() -> None:
    result = run("publish", "--effective-from", "2026-12-01", "--reminder", "12")

    assert isinstance(result.exception, StagesUnordered)


def test_the_day_must_be_named() -> None:
    assert run("publish").exit_code == 2


def test_settling_says_which_notices_ended() -> None:
    assert json.loads(run("settle").stdout) == {"settled": []}
