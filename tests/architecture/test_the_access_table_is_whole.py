"""Every route stands in the table of who may do what, and the table agrees with the page of permissions."""

from __future__ import annotations

from flask import Flask

from helpdesk.permissions import Role, may
from tests.security.house import ANONYMOUS
from tests.security.matrix import FORBIDDEN, HOW, SIGN_IN, asked_of, rows, written

ROLES = {
    "other": Role.BILLING_CONTACT,
    "member": Role.CUSTOMER_MEMBER,
    "contact": Role.BILLING_CONTACT,
    "agent": Role.AGENT,
    "lead": Role.LEAD,
    "editor": Role.KB_EDITOR,
    "admin": Role.ADMINISTRATOR,
}


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    missing, gone = sorted(asked_of(app) - written()), sorted(written() - asked_of(app))

    assert not missing, f"routes without a row: {missing}. {HOW}"
    assert not gone, f"rows without a route: {gone}. {HOW}"


def test_the_table_says_what_the_page_of_permissions_says(app: Flask) -> None:
    wrong = []
    for row in rows():
        needed = getattr(app.view_functions[row.endpoint], "permissions", ())
        for who, role in ROLES.items():
            allowed = not needed or any(may(role, permission) for permission in needed)
            if allowed == (row.outcome[who] == FORBIDDEN):
                wrong.append(f"{row.endpoint} {row.method} for {who}: {row.outcome[who]}")
        if needed and row.outcome[ANONYMOUS] != SIGN_IN:
            wrong.append(f"{row.endpoint} {row.method} for nobody: {row.outcome[ANONYMOUS]}")

    assert not wrong, f"{wrong}. {HOW}"
