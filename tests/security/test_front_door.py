"""Headers, cross-site requests, error pages and addresses: what stands between the network and the views."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.app import create_app
from helpdesk.config import ROOT
from tests.browse import Browse
from tests.cast import Cast
from tests.conftest import make_settings

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_what_another_site_sends_in_a_visitors_name_is_refused(client: FlaskClient, method: str, site: str) -> None:
    answer = client.open("/language", method=method, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_a_visitor_sends_from_here_passes(client: FlaskClient, site: str) -> None:
    answer = client.post("/language", data={"locale": "ja"}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 302


def test_a_link_from_another_site_is_still_a_link(client: FlaskClient) -> None:
    assert client.get("/policy", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'", "form-action": "'self'",
    "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip


def test_every_answer_carries_the_headers(browse: Browse, cast: Cast) -> None:
    client = browse.sign_in(cast.wang_fang).client
    answers = [client.get(path) for path in ("/", "/tickets", "/nowhere", "/invoices/INV-0", "/work/queue", "/livez")]
    answers += [
        client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}),
        client.post("/language", json={"locale": "ja"}),
        client.get("/sign-out"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 404, 404, 403, 200, 403, 415, 405]
    for answer in answers:
        path, headers = answer.request.path, answer.headers
        parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
        assert {name: value for name, _, value in parts} == POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_crash_tells_nothing_of_the_inside(tmp_path: Path, kind: str) -> None:
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}"))
    app.add_url_rule("/crash", "crash", lambda: str(1 / 0))

    answer = app.test_client().get("/crash", headers={"Accept": kind})

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for told in ("ZeroDivision", "Traceback", "helpdesk/", str(tmp_path), "sqlite"):
        assert told not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/policy/99999999999999999999", "/policy/2147483648", "/tickets/T-99999999999", "/work/tickets/T-2147483648"],
)
def test_a_number_too_large_for_a_column_is_an_address_that_does_not_exist(
    browse: Browse, cast: Cast, path: str
) -> None:
    browse.sign_in(cast.root)

    assert browse.client.get(path).status_code in {403, 404}


@pytest.mark.parametrize("name", ["categories", "templates", "synonyms"])
def test_a_number_too_large_in_a_form_breaks_nothing(browse: Browse, cast: Cast, name: str) -> None:
    browse.sign_in(cast.emma)

    answer = browse.client.post(f"/work/articles/arrange/{name}", data={"id": "9" * 24, "parent": "9" * 24})

    assert answer.status_code in {302, 404, 409, 422}


@pytest.mark.parametrize(
    "address",
    [
        "/work/queue?sort=requester.password_hash&owner__password_hash__startswith=a",
        "/work/mail?state=password_hash&order=body",
        "/work/customers?sort=tenant_id&order_by=people.password_hash",
        "/work/administration/trail?order_by=actor.password_hash&actor__email=x",
        "/invoices?sort=customer.tenant_id&customer__name=x",
    ],
)
def test_filter_and_sort_keys_that_nobody_offered_change_nothing(browse: Browse, cast: Cast, address: str) -> None:
    browse.sign_in(cast.root)
    plain = address.partition("?")[0]

    assert browse.get(address).text == browse.get(plain).text


def test_raw_markup_is_made_in_known_modules_only() -> None:
    raw = re.compile(r"\bMarkup\(|Markup as |\|\s*safe\b|\{%-?\s*autoescape|autoescape=False|render_template_string")
    making = {
        path.relative_to(ROOT).as_posix()
        for folder, pattern in (("helpdesk", "*.py"), ("templates", "*"))
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and raw.search(path.read_text(encoding="utf-8"))
    }

    plain_text = "helpdesk/escalations/packets.py"
    assert plain_text in making
    assert all("rendering" in path or path.startswith("helpdesk/web/") for path in making - {plain_text}), making


def test_no_script_reads_the_cookie_and_no_other_site_sends_it_along_with_a_form(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
