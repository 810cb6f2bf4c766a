"""What is the partner's or another customer's never shows: a customer walks every page that leads anywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.security.canaries import FOREIGN, HOUSE
from tests.security.crawling import crawl
from tests.security.house import House
from tests.security.matrix import LET_IN, rows

WORDS = (HOUSE, FOREIGN)


def texts_of(answer: TestResponse) -> Iterator[str]:
    """All text of an answer; of an archive, that of its members and their names."""
    if answer.mimetype != "application/zip":
        yield answer.get_data().decode(errors="replace")
        return
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        for name in archive.namelist():
            yield name
            yield archive.read(name).decode(errors="replace")


def caught(answer: TestResponse) -> set[str]:
    """Canaries in an answer, headers included."""
    told = "\n".join([*texts_of(answer), *(value for _, value in answer.headers)])
    return {word for word in WORDS if word in told}


@pytest.mark.parametrize("who", ["anonymous", "member", "contact"])
def test_no_page_that_a_customer_can_walk_to_tells_of_the_house_or_of_others(house: House, who: str) -> None:
    seen = list(crawl(house, who, most=150))

    assert len(seen) > 40
    assert [(path, caught(answer)) for path, answer in seen if caught(answer)] == []


@pytest.mark.parametrize("who", ["anonymous", "member", "contact"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_no_route_that_lets_a_customer_in_tells_of_the_house_or_of_others(house: House, who: str, accept: str) -> None:
    leaks = []
    for row in rows():
        if row.outcome[who] == LET_IN:
            path = house.path(row.endpoint, house.objects[row.object], row.method)
            answer = house.knock(who, row.method, path, headers={"Accept": accept}, follow_redirects=True)
            leaks += [(row.endpoint, word) for word in caught(answer)]

    assert leaks == []


@pytest.mark.parametrize("who", ["anonymous", "member", "contact"])
@pytest.mark.parametrize("word", WORDS)
def test_no_search_or_suggestion_finds_what_is_hidden(house: House, who: str, word: str) -> None:
    asked = word.lower()

    for path in (f"/search?q={asked}", f"/suggest?q={asked}", f"/suggest?q={asked[:8]}", f"/tickets?q={asked}"):
        answer = house.knock(who, "GET", path, follow_redirects=True)
        assert word not in answer.get_data(as_text=True), path


def test_the_canaries_are_there_for_those_whom_they_concern(house: House) -> None:
    note = house.knock("agent", "GET", house.path("queue.show", house.objects["ticket of contact"]))
    foreign = house.knock("other", "GET", house.path("tickets.index", {}))

    assert HOUSE in note.get_data(as_text=True)
    assert FOREIGN in foreign.get_data(as_text=True)
    assert HOUSE in house.knock("agent", "GET", f"/search?q={HOUSE.lower()}").get_data(as_text=True)
