"""Each route, asked by everyone, answers as the table says: pages, forms, JSON, files, exports, search."""

from __future__ import annotations

import re

import pytest

from tests.security.house import DOOR, House
from tests.security.matrix import ABSENT, HOW, LET_IN, Row, asked_of, outcome_of, rows, written


def path_of(house: House, row: Row) -> str:
    """The address of the row's object."""
    assert row.object in house.objects, f"{row.object!r} is made nowhere in tests/security/objects.py"
    return house.path(row.endpoint, house.objects[row.object], row.method)


def observed(house: House, endpoint: str, method: str) -> str:
    """A row with what happens now, for somebody to judge; an address with values needs an object by hand."""
    rule = next(rule for rule in house.app.url_map.iter_rules(endpoint) if method in (rule.methods or set()))
    if rule.arguments:
        return f"{endpoint} {method} ({rule.rule}: choose or make an object)"
    answers = [outcome_of(house.knock(who, method, rule.rule)) for who in DOOR]
    return f"{endpoint:<32} {method:<9} {'-':<25} | {'  '.join(answers)}"


def test_every_route_has_a_row(house: House) -> None:
    missing = sorted(asked_of(house.app) - written())

    assert not missing, "\n".join([f"Routes without a row. {HOW}", *(observed(house, *each) for each in missing)])


@pytest.mark.parametrize("who", DOOR)
def test_each_route_answers_as_the_table_says(house: House, who: str) -> None:
    wrong = []
    for row in rows():
        answer = house.knock(who, row.method, path_of(house, row))
        if outcome_of(answer) != row.outcome[who]:
            wrong.append(f"{row.endpoint} {row.method} ({row.object}): {answer.status_code}, not {row.outcome[who]}")

    assert not wrong, f"{who}: {wrong}. {HOW}"


@pytest.mark.parametrize("who", DOOR)
def test_a_script_that_asks_for_json_is_let_in_no_further(house: House, who: str) -> None:
    wrong = []
    script = {"Accept": "application/json", "X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"}
    for row in rows():
        if row.outcome[who] == LET_IN:
            continue
        answer = house.knock(who, row.method, path_of(house, row), headers=script)
        if outcome_of(answer) != row.outcome[who]:
            wrong.append(f"{row.endpoint} {row.method} ({row.object}): {answer.status_code}, not {row.outcome[who]}")

    assert not wrong, f"{who}: {wrong}. {HOW}"


@pytest.mark.parametrize("who", ["other", "member", "contact"])
def test_what_is_foreign_looks_like_what_does_not_exist(house: House, who: str) -> None:
    different = []
    for row in rows():
        names = {"public_id", "number"} & set(house.objects[row.object])
        if row.outcome[who] != ABSENT or not names:
            continue
        absent_number = "INV-2026-9999" if row.endpoint.startswith("billing") else 999_999
        nothing = house.objects[row.object] | {name: absent_number if name == "number" else "2" * 16 for name in names}
        foreign, absent = path_of(house, row), house.path(row.endpoint, nothing, row.method)
        if _seen(house, who, row.method, foreign) != _seen(house, who, row.method, absent):
            different.append(f"{row.endpoint} {row.method} ({row.object})")

    assert not different, f"{who} can tell foreign from absent: {different}"


def _seen(house: House, who: str, method: str, path: str) -> tuple[int, str]:
    answer = house.knock(who, method, path)
    text = answer.get_data(as_text=True).replace(path, "")
    return answer.status_code, re.sub(r'name="csrf_token" value="[^"]+"', "", text)
