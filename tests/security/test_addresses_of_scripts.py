"""There is no JSON API; a few addresses answer our own scripts in JSON. They are found here, and fed hostile words."""

from __future__ import annotations

from typing import Final

import pytest

from tests.security.canaries import FOREIGN, HOUSE
from tests.security.house import DOOR, House
from tests.security.matrix import LET_IN, rows
from tests.security.test_crawler import MARKUP, NOISE, NUMBER

SCRIPT: Final = {"Accept": "application/json", "X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"}
FIELDS: Final = ("q", "draft", "subject", "body", "title", "summary", "tongue", "base", "dirty", "alt", "writing")
JSON: Final = "application/json"


def addresses(house: House, who: str) -> dict[str, tuple[str, str]]:
    """Endpoints that answer `who` in JSON, with method and address."""
    found = {}
    for row in rows():
        if row.outcome[who] == LET_IN:
            path = house.path(row.endpoint, house.objects[row.object], row.method)
            answer = house.knock(who, row.method, path, headers=SCRIPT)
            if answer.mimetype == JSON and "advice" not in answer.get_json():
                found[row.endpoint] = (row.method, path.partition("?")[0])
    return found


def test_the_addresses_that_answer_in_json_are_few_and_known(house: House) -> None:
    health = {"health.livez", "health.readyz"}
    readers = health | {"kb.suggest"}

    assert {who: set(addresses(house, who)) for who in ("anonymous", "member", "agent", "editor")} == {
        "anonymous": readers,
        "member": readers | {"tickets.autosave"},
        "agent": readers | {"queue.presence", "tickets.autosave"},
        "editor": readers | {"editor.at_desk", "editor.links", "editor.new_picture"},
    }


@pytest.mark.parametrize("who", DOOR)
def test_hostile_words_break_no_address_of_a_script_and_bring_nothing_foreign(house: House, who: str) -> None:
    wrong: list[tuple[str, object]] = []
    for endpoint, (method, path) in addresses(house, who).items():
        for word in (MARKUP, NOISE, NUMBER):
            values = dict.fromkeys(FIELDS, word)
            for sent in ({"query_string": values}, {"data": values}, {"json": values}, {"json": [word]}):
                answer = house.knock(who, method, path, headers=SCRIPT, **sent)
                told = answer.get_data(as_text=True)
                if answer.status_code >= 500 or (answer.mimetype == "text/html" and "<script>x7q" in told):
                    wrong.append((endpoint, answer.status_code))
                if who in {"anonymous", "member", "contact"} and any(each in told for each in (HOUSE, FOREIGN)):
                    wrong.append((endpoint, "foreign"))

    assert wrong == []
