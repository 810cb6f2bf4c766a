"""Every route says who may come in; the list of public ones is short and known."""

from __future__ import annotations

from flask import Flask

PUBLIC = {
    "accounts.sign_in",
    "accounts.sign_out",
    "bootstrap.static",
    "collections.policy",
    "collections.policy_version",
    "guest.arrive",
    "guest.ask",
    "guest.file",
    "guest.leave",
    "guest.show",
    "health.livez",
    "health.readyz",
    "home.index",
    "kb.article",
    "kb.article_anywhere",
    "kb.category",
    "kb.feed",
    "kb.feedback",
    "kb.index",
    "kb.picture",
    "kb.robots",
    "kb.search",
    "kb.sitemap",
    "kb.suggest",
    "invitations.answer",
    "language.choose",
    "notifications.stop_mails",
    "notifications.unsubscribe",
    "oidc.arrive",
    "oidc.depart",
    "second_factor.step",
    "recovery.choose",
    "recovery.forgotten",
    "static",
}


def test_every_route_is_stamped_with_a_permission_or_known_to_be_public(app: Flask) -> None:
    unstamped = {
        name
        for name, view in app.view_functions.items()
        if not hasattr(view, "permission") and name not in {"static", "bootstrap.static"}
    }

    assert not unstamped


def test_the_public_routes_are_exactly_the_known_ones(app: Flask) -> None:
    open_to_all = {name for name, view in app.view_functions.items() if getattr(view, "permission", None) is None}

    assert open_to_all == PUBLIC


def test_what_changes_something_is_never_a_get(app: Flask) -> None:
    verbs = ("sign_out", "delete", "drop", "retry", "publish", "archive", "accept", "acknowledge", "confirm", "assign")

    changing = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[-1].startswith(verbs)
        and "GET" in (rule.methods or set())
        and "POST" not in (rule.methods or set())
    ]

    assert changing == []
