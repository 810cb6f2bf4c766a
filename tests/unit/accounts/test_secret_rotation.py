"""A new secret key signs what is new; what earlier keys signed is still read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.second_factor.models import SecondFactor
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.secret_commands import secrets
from helpdesk.app import create_app
from helpdesk.config import Settings
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.reply_address import read_reply_address, reply_address
from helpdesk.notifications.unsubscribing import read_token, unsubscribe_url
from helpdesk.tickets.views import drafting
from helpdesk.worker import make_queue
from tests.cast import Cast, make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.second_step import KEY, give_second_factor

Start = Callable[[Settings], Flask]
NEW = "the new key which is as long as the old one"
SECRET = "correct giraffe battery"  # noqa: S105 - not a secret


@pytest.fixture
def settings(tmp_path: Path, worker_name: str) -> Iterator[Settings]:
    """Settings of an installation of its own, before the rotation."""
    url = fresh_database_url(tmp_path, f"rotation_{worker_name}")
    yield make_settings(tmp_path, url)
    drop_database(url)


def rotated(settings: Settings, *fallbacks: str) -> Settings:
    """The same with a new key."""
    return settings.model_copy(update={"secret_key": NEW, "secret_key_fallbacks": ", ".join(fallbacks)})


@pytest.fixture
def started(settings: Settings) -> Iterator[Start]:
    """Starts applications with CSRF protection, as in life; all are closed before the database goes."""
    del settings
    apps: list[Flask] = []

    def start(given: Settings) -> Flask:
        apps.append(create_app(given, TESTING=True))
        return apps[-1]

    yield start
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def moved(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same browser after a restart."""
    other, cookie = app.test_client(), client.get_cookie("session")
    assert cookie is not None
    other.set_cookie("session", cookie.value)
    return other


def csrf_of(client: FlaskClient, path: str) -> str:
    """The token in the first form of a page."""
    return client.get(path).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_the_new_key_comes_first_and_itsdangerous_gets_it_last(settings: Settings) -> None:
    after = rotated(settings, "b" * 40, KEY)

    assert after.secrets() == [NEW, "b" * 40, KEY]
    assert after.signing_keys() == [KEY, "b" * 40, NEW]
    assert settings.secrets() == [KEY]


def test_sessions_and_open_forms_outlive_the_rotation_and_end_without_the_old_key(
    settings: Settings, started: Start, now: datetime
) -> None:
    before = started(settings)
    with before.app_context():
        Base.metadata.create_all(db.engine)
        make_cast(db.session, now=now).tom.password_hash = hashed(SECRET)
        db.session.commit()
    client = before.test_client()
    form = {"email": "tom@partner.example", "password": SECRET, "csrf_token": csrf_of(client, "/sign-in")}
    assert client.post("/sign-in", data=form).status_code == 302
    token = csrf_of(client, "/account")

    same = moved(client, started(rotated(settings, KEY)))
    assert same.get("/account").status_code == 200
    changed = {"name": "Tom", "locale": "en", "time_zone": "UTC", "csrf_token": token}
    assert same.post("/account", data=changed).status_code == 302

    later = started(rotated(settings))
    assert moved(same, later).get("/account").status_code == 200, "the cookie was signed anew"
    assert moved(client, later).get("/account").status_code == 302, "a cookie of the old key is nothing now"


def test_the_links_and_addresses_in_old_mails_still_work(settings: Settings, started: Start) -> None:
    message = OutboxMessage(kind="digest", recipient_id=7)
    with started(settings).app_context():
        old = unsubscribe_url(message).rsplit("/", 1)[1]
    after = rotated(settings, KEY)
    with started(after).app_context():
        assert read_token(old) == (7, "digest")
        new = unsubscribe_url(message).rsplit("/", 1)[1]
    with started(rotated(settings)).app_context():
        assert read_token(new) == (7, "digest")
        assert read_token(old) is None
    address = reply_address(ticket_id=3, user_id=4, domain="in.example", secret=KEY)
    found = [read_reply_address(address, domain="in.example", secrets=keys) for keys in (after.secrets(), [NEW])]
    assert [token and token.is_ours for token in found] == [True, False]


def test_the_words_of_open_drafts_are_still_read(settings: Settings, started: Start) -> None:
    with started(rotated(settings, KEY)).app_context():
        signer = drafting._signer()
        assert signer.loads(_by(KEY)) == "x"
        with pytest.raises(BadSignature):
            signer.loads(_by("another key which was never used here"))


def _by(key: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="ticket-draft").dumps("x"))


def test_the_queues_entries_are_still_read_and_forged_ones_are_not(settings: Settings) -> None:
    settings.var.mkdir()
    old, both, new = (make_queue(each) for each in (settings, rotated(settings, KEY), rotated(settings)))

    entry = old.serializer.serialize({"a": 1})
    assert both.serializer.deserialize(entry) == {"a": 1}
    assert new.serializer.deserialize(both.serializer.serialize({"a": 2})) == {"a": 2}
    with pytest.raises(ValueError, match="mismatch"):
        new.serializer.deserialize(entry)


def test_the_console_makes_keys_and_seals_with_the_new_one(
    app: Flask, session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_second_factor(session, cast.tom, now=now)
    monkeypatch.setattr(app.config["HELPDESK"], "secret_key", NEW)
    monkeypatch.setattr(app.config["HELPDESK"], "secret_key_fallbacks", KEY)
    with app.app_context():
        made = {CliRunner().invoke(secrets, ["new"]).output.strip() for _ in range(2)}
        done = CliRunner().invoke(secrets, ["rotate"])

    assert len(made) == 2
    assert min(map(len, made)) >= 64
    assert done.exit_code == 0
    assert "1 second factors" in done.stderr
    session.expire_all()
    sealed = session.scalars(select(SecondFactor.sealed_secret)).one()
    assert sealed is not None
    assert Seal([NEW]).is_newest(sealed)


def test_the_console_says_when_the_old_key_is_missing(
    app: Flask, session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_second_factor(session, cast.tom, now=now)
    monkeypatch.setattr(app.config["HELPDESK"], "secret_key", NEW)
    with app.app_context():
        done = CliRunner().invoke(secrets, ["rotate"])

    assert done.exit_code == 1
    assert "not among HELPDESK_SECRET_KEY and its fallbacks" in done.stderr
