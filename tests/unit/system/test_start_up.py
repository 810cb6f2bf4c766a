"""A real installation does not start with what is unsafe, and says why in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.services import create_user
from helpdesk.app import create_app
from helpdesk.config import ROOT, Environment, Settings
from helpdesk.db import Base
from helpdesk.demo.people import PASSWORD
from helpdesk.demo.safety import DemonstrationIsOpen, refuse_demonstration
from helpdesk.extensions import db, limiter
from helpdesk.permissions import Role
from helpdesk.safety import UnsafeSettings
from tests.conftest import drop_database, fresh_database_url

KEY = "Zb3kq9Xw-7Lr2nTg_5Vy8Hs1Mc4Pd6Jf"
SAFE: dict[str, Any] = {
    "env": Environment.PRODUCTION,
    "secret_key": KEY,
    "base_url": "https://billing.partner.example",
    "mail_url": "smtp://127.0.0.1:25",
}
OIDC: dict[str, Any] = {"oidc_issuer": "https://id.example", "oidc_client_id": "helpdesk", "oidc_client_secret": "s"}


def test_safe_settings_start() -> None:
    made = Settings(**SAFE, **OIDC)

    assert made.is_production
    assert made.staff_needs_second_factor


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"secret_key": ""}, "HELPDESK_SECRET_KEY must have at least 32 characters"),
        ({"secret_key": KEY[:31]}, "HELPDESK_SECRET_KEY must have at least 32 characters"),
        ({"secret_key": "change-me" * 5}, "HELPDESK_SECRET_KEY must be random"),
        ({"secret_key_fallbacks": f"{KEY},short"}, "HELPDESK_SECRET_KEY_FALLBACKS"),
        ({"base_url": "http://billing.partner.example"}, "HELPDESK_BASE_URL must begin with https://"),
        ({"base_url": ""}, "HELPDESK_BASE_URL must begin with https://"),
        ({"mail_url": ""}, "HELPDESK_MAIL_URL must be set"),
        ({"outgoing_loopback": "on"}, "HELPDESK_OUTGOING_LOOPBACK must be off"),
        ({"rate_limits": "off"}, "HELPDESK_RATE_LIMITS must be on"),
        ({"staff_two_factor": "off"}, "HELPDESK_STAFF_TWO_FACTOR must not be off"),
        ({**OIDC, "oidc_issuer": "http://id.example"}, "HELPDESK_OIDC_ISSUER must begin with https://"),
        ({**OIDC, "oidc_issuer": "http://127.0.0.1:9000"}, "HELPDESK_OIDC_ISSUER must begin with https://"),
        ({**OIDC, "oidc_client_secret": ""}, "belong together"),
    ],
)
def test_each_unsafe_setting_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnsafeSettings, match=reason):
        Settings(**SAFE | change)


@pytest.mark.parametrize(("value", "refused"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_debug_is_refused(monkeypatch: pytest.MonkeyPatch, value: str, refused: bool) -> None:  # noqa: FBT001
    monkeypatch.setenv("FLASK_DEBUG", value)

    if not refused:
        Settings(**SAFE)
        return
    with pytest.raises(UnsafeSettings, match="FLASK_DEBUG must be off"):
        Settings(**SAFE)


def test_all_reasons_are_said_at_once() -> None:
    with pytest.raises(UnsafeSettings) as refusal:
        Settings(env=Environment.PRODUCTION)

    assert str(refusal.value).count(";") == 2


def test_development_starts_without_any_setting() -> None:
    made = Settings(oidc_issuer="http://127.0.0.1:9000", oidc_client_id="x", oidc_client_secret="y")  # noqa: S106

    assert not made.staff_needs_second_factor
    assert Settings(staff_two_factor="on").staff_needs_second_factor


def test_the_console_says_it_in_one_sentence_with_exit_code_1(tmp_path: Path) -> None:
    environment = {**os.environ, "HELPDESK_ENV": "production", "HELPDESK_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "helpdesk", "db", "check"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The helpdesk does not start with these settings: HELPDESK_SECRET_KEY must")
    assert done.stderr.count("\n") == 1


@pytest.fixture
def production(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """A real installation with tables and one person whom the demonstration knows too."""
    url = fresh_database_url(tmp_path, f"start_{worker_name}")
    app = create_app(Settings(**SAFE, var=tmp_path, database_url=url, log_level="CRITICAL"), TESTING=True)
    yield app
    limiter.enabled = False
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def test_accounts_of_the_demonstration_must_not_be_open(production: Flask, now: datetime) -> None:
    refuse_demonstration(production)  # without tables too
    with production.app_context():
        Base.metadata.create_all(db.engine)
        tom = create_user(
            db.session,
            email="tom.becker@partner.example",
            name="Tom Becker",
            role=Role.AGENT,
            password=None,
            now=now,
        )
        tom.password_hash = hashed(PASSWORD)
        db.session.commit()
        tom_id = tom.id

    with pytest.raises(DemonstrationIsOpen, match=r"tom\.becker@partner\.example can sign in"):
        refuse_demonstration(production)

    with production.app_context():
        tom = db.session.get_one(type(tom), tom_id)
        tom.password_hash = hashed("a password of his own")
        db.session.commit()
    refuse_demonstration(production)


def test_the_cookie_of_a_real_installation_is_bound_to_its_host_and_https(production: Flask) -> None:
    with production.app_context():
        Base.metadata.create_all(db.engine)
    answer = production.test_client().post(
        "/language", data={"locale": "ja"}, base_url="https://billing.partner.example"
    )
    refused = answer.status_code == 400
    answer = production.test_client().get("/sign-in", base_url="https://billing.partner.example")

    cookie = answer.headers["Set-Cookie"]
    assert refused, "CSRF is on"
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain=" not in cookie
