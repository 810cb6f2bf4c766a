"""Which views ask for a fresh sign-in: all that the security list names, and none by accident."""

from __future__ import annotations

from flask import Flask

FRESH = {
    "addresses.change",
    "billing_desk.reconcile_csv",
    "collections_desk.approve",
    "collections_desk.order",
    "collections_desk.overview",
    "collections_desk.publish",
    "invitations.to_staff",
    "people.remove_step",
    "people.role",
    "privacy.index",
    "second_factor.begin",
    "second_factor.codes",
    "second_factor.remove",
    "second_factor.set_up",
    "trail.download",
}
"""Change of address, second factor or role, a suspension, an export, a new policy. Changing the password asks for the
current one itself."""


def test_the_sensitive_deeds_ask_and_no_others(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if getattr(view, "fresh", False)} == FRESH


def test_the_question_stands_behind_the_permission(app: Flask) -> None:
    unguarded = {name for name in FRESH if getattr(app.view_functions[name], "permission", None) is None}

    assert unguarded == set()
