"""Signing in by an identity provider, tried against a small one on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Request, Response

from helpdesk.accounts.models import User
from helpdesk.accounts.oidc.models import OidcIdentity
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.audit.models import AuditEntry
from helpdesk.clock import utc_now
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.second_step import give_second_factor, shown_by_app

CLIENT, SECRET = "helpdesk", "a secret of the provider"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass(slots=True)
class SmallProvider:
    """An identity provider: remembers what it was asked, and answers as a test wants."""

    server: HTTPServer
    person: dict[str, Any] = field(default_factory=dict)
    """Claims of whoever signs in there."""
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    asked: dict[str, str] = field(default_factory=dict)
    token_requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Its name, which is its address."""
        return self.server.url_for("").rstrip("/")

    def open(self) -> None:
        """Answer discovery, keys and the exchange of a code."""
        url = self.issuer
        metadata = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.server.expect_request("/.well-known/openid-configuration").respond_with_json(metadata)
        self.server.expect_request("/keys").respond_with_json({"keys": [KEY.as_dict(private=False)]})
        self.server.expect_request("/token", method="POST").respond_with_handler(self._exchange)

    def _exchange(self, request: Request) -> Response:
        """Look at the code, the client and the PKCE verifier, as a provider must."""
        form = request.form.to_dict()
        self.token_requests.append(form)
        expected = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        is_client = request.headers.get("Authorization", "").removeprefix("Basic ") in {expected, plain}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not is_client or form.get("code") != "the-code" or challenge != self.asked.get("code_challenge"):
            return Response(json.dumps({"error": "invalid_grant"}), 400, mimetype="application/json")
        answer = {"access_token": "at", "token_type": "Bearer", "id_token": self._id_token()}
        return Response(json.dumps(answer), mimetype="application/json")

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": self.asked.get("nonce"),
            "sub": "subject-1",
            "email_verified": True,
        }
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, claims | self.person, self.key)

    def sign_in(self, browse: Browse, start: str = "/sign-in/provider", **answer: str) -> Page:
        """Let the browser go there and come back; `answer` changes what it brings."""
        away = browse.client.get(start).headers["Location"]
        assert away.startswith(f"{self.issuer}/authorize?"), away
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
        given = {"code": "the-code", "state": self.asked["state"]} | answer
        query = "&".join(f"{name}={value}" for name, value in given.items() if value)
        return browse.get(f"/sign-in/provider/back?{query}")


@pytest.fixture
def provider(app: Flask, cast: Cast, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> SmallProvider:
    """A provider that the settings name, at which Tom signs in."""
    small = SmallProvider(httpserver, person={"email": "Tom@partner.example"})
    small.open()
    settings = app.config["HELPDESK"]
    for name, value in [
        ("oidc_issuer", small.issuer),
        ("oidc_client_id", CLIENT),
        ("oidc_client_secret", SECRET),
        ("oidc_name", "Contoso ID"),
    ]:
        monkeypatch.setattr(settings, name, value)
    return small


def is_in(browse: Browse) -> bool:
    """Whether the browser is signed in."""
    return browse.client.get("/account").status_code == 200


def identities(session: Session) -> list[tuple[int, str]]:
    """Who is linked to which subject."""
    return [(row.user_id, row.subject) for row in session.scalars(select(OidcIdentity).order_by(OidcIdentity.id))]


def test_without_a_provider_there_is_no_button_and_no_way(browse: Browse, cast: Cast) -> None:
    assert not browse.get("/sign-in").all("a", href="/sign-in/provider")
    for path in ("/sign-in/provider", "/sign-in/provider/back"):
        assert browse.client.get(path).status_code == 404


def test_the_button_keeps_where_one_wanted_to_go(browse: Browse, cast: Cast, provider: SmallProvider) -> None:
    page = browse.get("/sign-in?next=/account/security")

    assert "Sign in with Contoso ID" in page.text
    assert page.all("a", href="/sign-in/provider?next=/account/security")


def test_the_browser_leaves_with_code_flow_pkce_state_and_nonce(
    browse: Browse, cast: Cast, provider: SmallProvider
) -> None:
    provider.sign_in(browse)

    asked = provider.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/sign-in/provider/back"
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_a_known_address_that_the_provider_verified_lets_in_and_is_linked(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider
) -> None:
    page = provider.sign_in(browse, "/sign-in/provider?next=/account")

    assert "tom@partner.example" in page.text
    assert identities(session) == [(cast.tom.id, "subject-1")]
    said = {entry.action for entry in session.scalars(select(AuditEntry))}
    assert {"user.identity_linked", "user.signed_in"} <= said
    assert "Sign-in with Contoso ID" in browse.get("/account/security").text


def test_afterwards_the_subject_counts_and_the_address_no_longer(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider
) -> None:
    provider.sign_in(browse)
    browse.sign_out()
    provider.person = {"email": cast.mei.email, "email_verified": False}

    provider.sign_in(browse)
    assert cast.tom.email in browse.get("/account").text
    browse.sign_out()

    provider.person = {"email": cast.tom.email, "sub": "somebody who got Tom's address"}
    assert "There is no account here" in provider.sign_in(browse).text
    assert not is_in(browse)
    assert len(identities(session)) == 1


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ({"email": "stranger@partner.example"}, "There is no account here"),
        ({"email": "tom@partner.example", "email_verified": False}, "has not verified your e-mail address"),
        ({"email": "tom@partner.example", "email_verified": None}, "has not verified your e-mail address"),
        ({"email": None}, "has not verified your e-mail address"),
        ({"nonce": "another"}, "does not belong to this browser"),
        ({"nonce": None}, "does not belong to this browser"),
        ({"aud": "another client"}, "does not belong to this browser"),
        ({"iss": "https://evil.example"}, "does not belong to this browser"),
        ({"exp": 1_000_000_000}, "does not belong to this browser"),
    ],
)
def test_nobody_else_gets_in(
    browse: Browse, session: Session, provider: SmallProvider, person: dict[str, Any], sentence: str
) -> None:
    provider.person |= person

    assert sentence in provider.sign_in(browse).text
    assert not is_in(browse)
    assert identities(session) == []


def test_a_disabled_account_stays_out_linked_or_not(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider, now: datetime
) -> None:
    provider.sign_in(browse)
    browse.sign_out()
    cast.tom.disabled_at = now
    session.flush()

    assert "There is no account here" in provider.sign_in(browse).text


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(OTHER_KEY, "RS256"), (OctKey.import_key(SECRET), "HS256")],
    ids=["a key of somebody else", "the shared secret"],
)
def test_a_token_that_the_provider_did_not_sign_is_nothing(
    browse: Browse, cast: Cast, provider: SmallProvider, key: RSAKey | OctKey, algorithm: str
) -> None:
    provider.key, provider.algorithm = key, algorithm

    assert "does not belong to this browser" in provider.sign_in(browse).text
    assert not is_in(browse)


def test_an_answer_with_another_state_or_used_twice_is_refused(
    browse: Browse, cast: Cast, provider: SmallProvider
) -> None:
    assert "does not belong to this browser" in provider.sign_in(browse, state="forged").text
    assert provider.token_requests == []

    provider.sign_in(browse)
    browse.sign_out()
    again = browse.get(f"/sign-in/provider/back?code=the-code&state={provider.asked['state']}")
    assert "does not belong to this browser" in again.text
    assert not is_in(browse)


def test_an_answer_that_comes_too_late_is_refused(browse: Browse, cast: Cast, provider: SmallProvider) -> None:
    away = browse.client.get("/sign-in/provider").headers["Location"]
    with browse.client.session_transaction() as visit:
        visit["provider"] = visit["provider"] | {"at": utc_now().timestamp() - 601}
    state = parse_qs(urlsplit(away).query)["state"][0]

    page = browse.get(f"/sign-in/provider/back?code=the-code&state={state}")

    assert "came too late" in page.text


def test_a_refusal_of_the_provider_is_told(browse: Browse, cast: Cast, provider: SmallProvider) -> None:
    assert "did not let you in" in provider.sign_in(browse, code="", error="access_denied").text
    assert "did not let you in" in provider.sign_in(browse, code="wrong").text


@pytest.mark.parametrize("fault", ["down", "nonsense", "another issuer"])
def test_a_provider_that_is_down_is_told_and_the_password_still_works(
    browse: Browse, cast: Cast, provider: SmallProvider, httpserver: HTTPServer, fault: str
) -> None:
    httpserver.clear()
    discovery = httpserver.expect_request("/.well-known/openid-configuration")
    if fault == "nonsense":
        discovery.respond_with_data("<html>")
    elif fault == "another issuer":
        discovery.respond_with_json(
            {"issuer": "https://evil.example", "authorization_endpoint": "https://evil.example"}
        )
    else:
        discovery.respond_with_data("", status=503)

    page = browse.get("/sign-in/provider")

    assert "does not answer" in page.text
    assert page.all("input", name="password")


@pytest.fixture
def tom_with_app(session: Session, cast: Cast) -> tuple[User, str]:
    """Tom, and the secret of his app."""
    secret, _ = give_second_factor(session, cast.tom, now=utc_now() - timedelta(minutes=5))
    return cast.tom, secret


def test_a_second_step_is_asked_unless_the_provider_asked_for_one(
    browse: Browse, session: Session, tom_with_app: tuple[User, str], provider: SmallProvider
) -> None:
    page = provider.sign_in(browse, "/sign-in/provider?next=/account")
    assert "Enter the code" in page.text
    assert not is_in(browse)
    assert (
        "tom@partner.example"
        in browse.post("/sign-in/code", {"code": shown_by_app(tom_with_app[1]), "next": "/account"}).text
    )
    browse.sign_out()

    provider.person["amr"] = ["pwd", "mfa"]
    provider.sign_in(browse)
    assert is_in(browse)


def test_a_second_step_at_the_provider_is_enough_for_staff(
    app: Flask, browse: Browse, cast: Cast, provider: SmallProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.config["HELPDESK"], "staff_two_factor", "on")
    provider.sign_in(browse)
    assert browse.client.get("/work/queue").headers["Location"] == "/account/second-step"
    browse.sign_out()

    provider.person["amr"] = ["mfa"]
    provider.sign_in(browse)
    assert browse.client.get("/work/queue").status_code == 200


def make_stale(browse: Browse, session: Session, person: User) -> None:
    """Have the person's sign-in be a while ago."""
    for row in session.scalars(select(UserSession).where(UserSession.user_id == person.id)):
        row.confirmed_at = row.confirmed_at.replace(year=2025)
    session.flush()


def test_who_has_no_password_confirms_at_the_provider(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider
) -> None:
    provider.sign_in(browse)
    make_stale(browse, session, cast.tom)
    page = browse.get("/confirm?next=/account/security")
    assert not page.all("input", name="confirm_password")
    link = next(a["href"] for a in page.all("a") if a["href"].startswith("/confirm/provider"))

    page = provider.sign_in(browse, link)

    assert "Where you are signed in" in page.text
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert browse.client.get("/work/collections/overview.csv").status_code == 200


def test_a_form_that_came_late_waits_for_the_provider(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider
) -> None:
    provider.person["email"] = cast.mei.email
    provider.sign_in(browse)
    make_stale(browse, session, cast.mei)
    page = browse.post("/work/collections/policy/publish", {"words": "kept"})
    assert page.all("a", href="/confirm/provider", target="_blank")
    assert page.all("input", name="words", value="kept")

    provider.sign_in(browse, "/confirm/provider")

    assert browse.client.post("/work/collections/policy/publish", data={"words": "kept"}).status_code == 404


@pytest.mark.parametrize("person", [{"auth_time": 1_000_000_000}, {"auth_time": None}, {"sub": "somebody else"}])
def test_an_earlier_sign_in_there_or_another_person_confirms_nothing(
    browse: Browse, session: Session, cast: Cast, provider: SmallProvider, person: dict[str, Any]
) -> None:
    provider.sign_in(browse)
    make_stale(browse, session, cast.tom)
    provider.person |= person

    page = provider.sign_in(browse, "/confirm/provider")

    assert "did not ask you again, or somebody else signed in there" in page.text
    assert browse.client.get("/work/collections/overview.csv").status_code == 302


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_button_speaks_every_language(browse: Browse, cast: Cast, provider: SmallProvider, locale: str) -> None:
    page = browse.get("/sign-in", headers={"Accept-Language": locale})

    assert "Contoso ID" in page.text
    assert "Sign in with" not in page.text
