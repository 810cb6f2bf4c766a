"""Each route, asked by everyone, answers as the table says: pages, forms, JSON, files, exports, search."""

from __future__ import annotations

import re

import pytest

from helpdesk.permissions import Role, may
from tests.security.house import ANONYMOUS, DOOR, House
from tests.security.matrix import ABSENT, FORBIDDEN, LET_IN, SIGN_IN, TABLE, Row, outcome_of, rows

HOW = f"Add or mend its row in tests/security/{TABLE.name}; the head of that file says how."
ROLES = {
    "other": Role.BILLING_CONTACT,
    "member": Role.CUSTOMER_MEMBER,
    "contact": Role.BILLING_CONTACT,
    "agent": Role.AGENT,
    "lead": Role.LEAD,
    "editor": Role.KB_EDITOR,
    "admin": Role.ADMINISTRATOR,
}


def path_of(house: House, row: Row) -> str:
    """The address of the row's object."""
    assert row.object in house.objects, f"{row.object!r} is made nowhere in tests/security/objects.py"
    return house.path(row.endpoint, house.objects[row.object], row.method)


def asked_of(house: House) -> set[tuple[str, str]]:
    """What the routes take: endpoint and method."""
    return {
        (rule.endpoint, method)
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    written = {(row.endpoint, row.method) for row in rows()}

    missing, gone = sorted(asked_of(house) - written), sorted(written - asked_of(house))

    assert not missing, f"routes without a row: {missing}. {HOW}"
    assert not gone, f"rows without a route: {gone}. {HOW}"


def test_the_table_says_what_the_page_of_permissions_says(house: House) -> None:
    wrong = []
    for row in rows():
        view = house.app.view_functions[row.endpoint]
        needed = getattr(view, "permissions", ())
        for who, role in ROLES.items():
            allowed = not needed or any(may(role, permission) for permission in needed)
            if allowed == (row.outcome[who] == FORBIDDEN):
                wrong.append(f"{row.endpoint} {row.method} for {who}: {row.outcome[who]}")
        if needed and row.outcome[ANONYMOUS] != SIGN_IN:
            wrong.append(f"{row.endpoint} {row.method} for nobody: {row.outcome[ANONYMOUS]}")

    assert not wrong, f"{wrong}. {HOW}"


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
