"""The process says how it is."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.browse import Browse
from tests.cast import Cast


def test_the_process_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/livez").get_json() == {"status": "alive"}


def test_the_process_says_that_it_can_serve(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["database"]) == (200, "ok")


def test_an_unknown_page_is_explained(browse: Browse, cast: Cast) -> None:
    page = browse.get("/nowhere", status=404)

    assert "There is no such page" in page.text
