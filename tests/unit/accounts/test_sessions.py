"""How long sessions last, and who ends them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.rules import SignInDelayed
from helpdesk.accounts.sessions import rules, services
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.queries import session_of, sessions_of, visit_of
from helpdesk.audit.models import AuditEntry
from helpdesk.limits import SESSION_ABSOLUTE, SESSION_IDLE
from helpdesk.permissions import Role
from tests.cast import Cast

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret


def begin(session: Session, person: User, now: datetime) -> tuple[UserSession, str]:
    """A session of `person`."""
    return services.begin_session(session, person, device="Firefox", address="203.0.113.9", now=now)


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36",
            "Chrome",
            "Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Microsoft Edge", "Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat", "Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
        ("curl/8.0", "", ""),
        ("", "", ""),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, browser: str, system: str) -> None:
    assert rules.device_of(user_agent) == rules.Device(browser, system)


def test_every_role_has_both_limits_and_comes_back_within_the_longer() -> None:
    for role in Role:
        assert SESSION_IDLE[role] <= SESSION_ABSOLUTE[role]
        assert SESSION_IDLE[role] > rules.SEEN_EVERY


@pytest.mark.parametrize("role", list(Role))
def test_a_session_ends_when_nobody_comes_back_and_at_its_age(role: Role, now: datetime) -> None:
    idle, absolute, moment = SESSION_IDLE[role], SESSION_ABSOLUTE[role], timedelta(seconds=1)

    assert not rules.has_ended(role, started_at=now, seen_at=now, now=now + idle - moment)
    assert rules.has_ended(role, started_at=now, seen_at=now, now=now + idle)
    busy = now + absolute - moment
    assert not rules.has_ended(role, started_at=now, seen_at=busy, now=busy)
    assert rules.has_ended(role, started_at=now, seen_at=busy, now=now + absolute)


def test_only_a_digest_of_the_cookies_value_is_kept(session: Session, cast: Cast, now: datetime) -> None:
    row, token = begin(session, cast.tom, now)

    assert token not in (row.token_hash, row.public_id)
    visit = visit_of(session, cast.tom.id, token=token)
    assert visit is not None
    assert (visit.person, visit.row, visit.is_half_way) == (cast.tom, row, False)
    for wrong in ("", row.token_hash, token[:-1] + ("a" if token[-1] != "a" else "b")):
        assert visit_of(session, cast.tom.id, token=wrong) is None
    assert visit_of(session, cast.mei.id, token=token) is None


def test_one_sees_ones_own_living_sessions_alone(session: Session, cast: Cast, now: datetime) -> None:
    old, _ = begin(session, cast.tom, now - SESSION_IDLE[Role.AGENT])
    first, _ = begin(session, cast.tom, now - timedelta(minutes=5))
    second, _ = begin(session, cast.tom, now)
    foreign, _ = begin(session, cast.mei, now)

    assert sessions_of(session, cast.tom, now=now) == [second, first]
    assert session_of(session, cast.tom, old.public_id) is old
    assert session_of(session, cast.tom, foreign.public_id) is None


def test_ending_others_keeps_this_one_and_ending_all_keeps_none(session: Session, cast: Cast, now: datetime) -> None:
    begin(session, cast.tom, now)
    here, _ = begin(session, cast.tom, now)
    begin(session, cast.mei, now)
    epoch = cast.tom.epoch

    services.end_other_sessions(session, cast.tom, kept=here, now=now)
    assert sessions_of(session, cast.tom, now=now) == [here]

    services.end_all_sessions(session, cast.tom, now=now)
    assert sessions_of(session, cast.tom, now=now) == []
    assert cast.tom.epoch == epoch + 1
    assert len(sessions_of(session, cast.mei, now=now)) == 1


def test_a_growing_epoch_ends_what_was_begun_before(session: Session, cast: Cast, now: datetime) -> None:
    begin(session, cast.tom, now)
    cast.tom.epoch += 1

    assert sessions_of(session, cast.tom, now=now) == []


def test_rows_of_ended_sessions_are_deleted_in_the_end(session: Session, cast: Cast, now: datetime) -> None:
    begin(session, cast.tom, now - max(SESSION_ABSOLUTE.values()) - timedelta(minutes=1))
    kept, _ = begin(session, cast.wang_fang, now)

    services.forget_ended_sessions(session, now)

    assert session.scalars(select(UserSession)).all() == [kept]


def test_the_password_makes_a_session_fresh_again_and_a_guess_is_counted(
    session: Session, cast: Cast, now: datetime
) -> None:
    cast.tom.password_hash = hashed(SECRET)
    row, _ = begin(session, cast.tom, now)
    later = now + timedelta(hours=1)

    def confirm(password: str) -> None:
        services.confirm_by_password(session, row, cast.tom, password=password, address="203.0.113.9", now=later)

    with pytest.raises(services.PasswordWrong):
        confirm("guess")
    assert row.confirmed_at == now
    confirm(SECRET)
    assert row.confirmed_at == later
    said = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert said == ["user.confirmation_failed", "user.confirmed"]
    for _ in range(4):
        with pytest.raises(services.PasswordWrong):
            confirm("guess")
    with pytest.raises(SignInDelayed):
        confirm(SECRET)
