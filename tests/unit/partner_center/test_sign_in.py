"""Signing in at the authority with msal, against a server that behaves as Entra is documented to."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from helpdesk.config import Settings
from helpdesk.partner_center.errors import (
    ClientRefused,
    ForeignLink,
    InteractionNeeded,
    KeyUnreadable,
    NotConfigured,
    SignInFailed,
    TenantUnknown,
    Throttled,
)
from helpdesk.partner_center.tokens import Credentials, Tokens
from helpdesk.partner_center.wire import LineDown, Wire
from helpdesk.partner_center.wiring import partner_center
from helpdesk.safety import UnsafeSettings
from tests.conftest import make_settings
from tests.unit.partner_center.pretender import TENANT, Pretender, key_and_certificate, pem_of


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tokens(there: Pretender, *, tenant: str = TENANT, clock: _Clock | None = None, **more: str) -> Tokens:
    wire = Wire([there.url], seconds=5, loopback=True, trust=there.trust)
    given = {"secret": "s3cret"} | more
    return Tokens(
        wire, Credentials(there.url, tenant, "app-1", "https://graph.example", **given), clock=clock or _Clock()
    )


def refused(there: Pretender, error: str, *, status: int = 401, **more: Any) -> None:
    there.refusal = {"status": status, "error": error, "error_description": "AADSTS: a secret detail"} | more


def test_the_application_signs_in_with_its_secret_for_the_resource(there: Pretender) -> None:
    assert tokens(there).token() == "t1"

    form = there.sign_ins[0]
    assert (form["grant_type"], form["client_id"], form["client_secret"]) == ("client_credentials", "app-1", "s3cret")
    assert form["scope"] == "https://graph.example/.default"


def test_the_application_signs_in_with_its_certificate_and_sends_no_secret(there: Pretender) -> None:
    key, certificate = key_and_certificate()
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - the registration names it so

    tokens(there, private_key=pem_of(key), thumbprint=thumbprint.upper()).token()

    form = there.sign_ins[0]
    head, claims, signature = form["client_assertion"].split(".")
    key.public_key().verify(_bytes(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert _bytes(json.loads(_bytes(head))["x5t"]).hex() == thumbprint
    assert json.loads(_bytes(claims))["aud"] == f"{there.url}/{TENANT}/oauth2/v2.0/token"
    assert "client_secret" not in form


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_token_is_used_until_most_of_its_life_is_over(there: Pretender) -> None:
    clock = _Clock()
    held = tokens(there, clock=clock)

    first, clock.now = held.token(), 2879.0
    second, clock.now = held.token(), 2881.0

    assert (first, second, held.token()) == ("t1", "t1", "t2")


def test_a_token_that_was_refused_is_asked_for_anew(there: Pretender) -> None:
    held = tokens(there)
    held.token()

    held.forget()

    assert held.token() == "t2"


def test_where_tokens_are_given_out_is_asked_once(there: Pretender) -> None:
    held = tokens(there)
    held.token()
    held.forget()
    held.token()

    assert [each.method for each in there.seen] == ["GET", "POST", "POST"]


def test_no_host_but_the_authority_is_asked_whatever_the_environment_says(
    there: Pretender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSAL_FORCE_REGION", "chinanorth3")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert tokens(there).token() == "t1"
    assert {each.path.split("/")[1] for each in there.seen} == {TENANT}


def test_a_place_for_tokens_on_another_host_is_not_gone_to(there: Pretender) -> None:
    there.elsewhere = "https://login.elsewhere.example"

    with pytest.raises(ForeignLink):
        tokens(there).token()
    assert there.sign_ins == []


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_a_refused_application_is_told_with_the_number_and_without_details(there: Pretender, error: str) -> None:
    refused(there, error, error_codes=[7000215])

    with pytest.raises(ClientRefused, match=rf"\({error}, AADSTS7000215\)") as caught:
        tokens(there).token()
    assert "secret detail" not in str(caught.value)


@pytest.mark.parametrize(
    "more",
    [
        {"error": "interaction_required", "error_codes": [50076]},
        {"error": "invalid_grant", "suberror": "consent_required", "error_codes": [65001]},
    ],
)
def test_a_tenant_that_wants_a_person_says_so(there: Pretender, more: dict[str, Any]) -> None:
    refused(there, status=400, **more)

    with pytest.raises(InteractionNeeded, match=f"AADSTS{more['error_codes'][0]}"):
        tokens(there).token()


def test_any_other_refusal_is_a_failure_to_sign_in(there: Pretender) -> None:
    refused(there, "invalid_scope", status=400)

    with pytest.raises(SignInFailed, match="invalid_scope"):
        tokens(there).token()


def test_a_tenant_that_is_not_known_is_named(there: Pretender) -> None:
    with pytest.raises(TenantUnknown, match="no-such-tenant"):
        tokens(there, tenant="no-such-tenant").token()


def test_an_authority_in_trouble_counts_as_a_dead_line_and_is_tried_again(there: Pretender) -> None:
    held = tokens(there)
    refused(there, "temporarily_unavailable", status=503)

    with pytest.raises(LineDown):
        held.token()
    there.refusal = {}
    assert held.token() == "t1"


def test_an_authority_that_is_asked_too_often_says_how_long_to_wait(there: Pretender) -> None:
    refused(there, "throttled", status=429, headers={"Retry-After": "17"})

    with pytest.raises(Throttled, match="17"):
        tokens(there).token()


def test_credentials_keep_secret_and_key_out_of_what_is_printed() -> None:
    shown = repr(Credentials("https://a", "t", "c", "r", secret="s3cret", private_key="PEM"))  # noqa: S106 - made up

    assert "s3cret" not in shown
    assert "PEM" not in shown


def settings_with(folder: Path, **given: str) -> Settings:
    base = {"partner_center_api": "on", "partner_center_tenant": TENANT, "partner_center_client": "app-1"}
    return Settings.model_validate(make_settings(folder, "sqlite://").model_dump() | base | given)


def test_a_certificate_takes_the_place_of_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(pem_of(key_and_certificate()[0]))

    partner_center(settings_with(tmp_path, partner_center_key=str(path), partner_center_thumbprint="A1" * 20))


def test_with_neither_secret_nor_certificate_there_is_no_client(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured):
        partner_center(settings_with(tmp_path))


def test_a_key_without_its_thumbprint_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="belong together"):
        settings_with(tmp_path, partner_center_key="key.pem")


def test_an_authority_without_tls_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="partner_center_authority"):
        settings_with(tmp_path, partner_center_authority="http://login.example")


@pytest.mark.parametrize("kind", ["missing", "binary", "text", "locked", "curve"])
def test_a_key_that_cannot_be_used_is_told_with_its_path(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key.pem"
    locked = PrivateFormat.PKCS8, BestAvailableEncryption(b"phrase")
    curve = ec.generate_private_key(ec.SECP256R1())
    contents = {
        "binary": b"\xff\x00",
        "text": b"not a key",
        "locked": key_and_certificate()[0].private_bytes(Encoding.PEM, *locked),
        "curve": curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    if kind in contents:
        path.write_bytes(contents[kind])

    with pytest.raises(KeyUnreadable, match=str(path)):
        partner_center(settings_with(tmp_path, partner_center_key=str(path), partner_center_thumbprint="a1" * 20))
