"""Who gets in, who has to wait, and what is written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts import passwords, rules
from helpdesk.accounts.jobs import forget_sign_in_attempts
from helpdesk.accounts.models import SignInAttempt, User
from helpdesk.accounts.passwords import PasswordTooCommon, hashed, nobodys_hash
from helpdesk.accounts.services import change_password, disable_user, set_password, sign_in, sign_out
from helpdesk.audit.models import AuditEntry
from helpdesk.notifications.models import OutboxMessage
from tests.cast import Cast

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret
WRONG = "x"
HOME = "203.0.113.9"


@pytest.fixture
def tom(session: Session, cast: Cast) -> User:
    """Tom, who has a password."""
    cast.tom.password_hash = hashed(SECRET)
    session.flush()
    return cast.tom


def attempt(
    session: Session,
    now: datetime,
    *,
    email: str = "tom@partner.example",
    password: str = WRONG,
    address: str = HOME,
) -> str:
    """Try to sign in; the refusal's name, or who got in."""
    try:
        return sign_in(session, email=email, password=password, address=address, now=now).name
    except rules.SignInDelayed:
        return "wait"
    except rules.SignInRefused:
        return "no"


def actions(session: Session) -> list[tuple[str, str, int | None]]:
    """What the audit trail says, in order."""
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.object_id, row.actor_id) for row in rows]


def test_the_right_password_lets_in_whatever_the_case_of_the_address(
    session: Session, tom: User, now: datetime
) -> None:
    person = sign_in(session, email=" TOM@Partner.example", password=SECRET, address=HOME, now=now)

    assert person is tom
    assert tom.last_sign_in_at == now
    assert actions(session) == [("user.signed_in", str(tom.id), tom.id)]


def test_a_wrong_password_an_unknown_address_and_a_disabled_account_get_the_same_answer(
    session: Session, tom: User, cast: Cast, now: datetime
) -> None:
    cast.mei.password_hash = hashed(SECRET)
    disable_user(session, cast.mei, now=now)
    sentences = set()

    for email, password in [
        (tom.email, "wrong"),
        ("nobody@x.cn", SECRET),
        (cast.mei.email, SECRET),
        (cast.emma.email, ""),
    ]:
        with pytest.raises(rules.SignInRefused) as refusal:
            sign_in(session, email=email, password=password, address=HOME, now=now)
        sentences.add(str(refusal.value))

    assert sentences == {"The e-mail address or the password is not right."}
    failed = [entry for entry in actions(session) if entry[0] == "user.sign_in_failed"]
    assert [entry[1] for entry in failed] == [str(tom.id), "unknown", str(cast.mei.id), str(cast.emma.id)]
    assert {entry[2] for entry in failed} == {None}


class Counting(PasswordHasher):
    """Hashes as ever, and counts how often a password was looked at."""

    looked = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        """Count, then look."""
        self.looked += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("who", ["known", "unknown", "disabled", "without a password"])
def test_every_try_costs_the_work_of_one_password_known_or_not(  # noqa: PLR0917 - one of them is a parameter
    session: Session, tom: User, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    cast.mei.password_hash = hashed(SECRET)
    disable_user(session, cast.mei, now=now)
    emails = {"known": tom.email, "unknown": "nobody@x.cn", "disabled": cast.mei.email}
    nobodys_hash()
    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", counting)

    assert attempt(session, now, email=emails.get(who, cast.emma.email)) == "no"

    assert counting.looked == 1


def test_a_weak_hash_is_made_strong_at_the_next_sign_in(session: Session, tom: User, now: datetime) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(SECRET)
    tom.password_hash = weak

    assert attempt(session, now, password=SECRET) == "Tom Becker"

    assert tom.password_hash != weak
    assert attempt(session, now, password=SECRET) == "Tom Becker"


@pytest.mark.parametrize("email", ["tom@partner.example", "nobody@partner.example"])
def test_after_four_failures_one_has_to_wait_known_account_or_not(
    session: Session, tom: User, now: datetime, email: str
) -> None:
    answers = [attempt(session, now, email=email) for _ in range(5)]

    assert answers == ["no"] * 4 + ["wait"]
    assert attempt(session, now + timedelta(seconds=61), email=email) == "no"
    assert attempt(session, now + timedelta(seconds=122), email=email) == "wait"


def test_the_right_password_does_not_get_past_the_wait_but_gets_in_after_it(
    session: Session, tom: User, now: datetime
) -> None:
    for _ in range(4):
        attempt(session, now)

    assert attempt(session, now, password=SECRET) == "wait"
    later = now + timedelta(minutes=2)
    assert attempt(session, later, password=SECRET) == "Tom Becker"
    assert [attempt(session, later + timedelta(seconds=1)) for _ in range(5)] == ["no"] * 4 + ["wait"]


def test_the_account_is_guarded_from_many_networks_at_once(session: Session, tom: User, now: datetime) -> None:
    answers = [attempt(session, now, address=f"198.51.100.{number}") for number in range(6)]

    assert answers[-1] == "wait"


def test_one_network_that_tries_many_accounts_has_to_wait_and_the_others_do_not(
    session: Session, tom: User, now: datetime
) -> None:
    answers = [attempt(session, now, email=f"person{number}@x.cn") for number in range(6)]
    slowly = [attempt(session, now + timedelta(seconds=13 * number), email=f"{number}@x.cn") for number in range(5, 30)]

    assert answers == ["no"] * 5 + ["wait"]
    assert slowly[:16] == ["no"] * 16
    assert "wait" in slowly[16:]
    assert attempt(session, now + timedelta(minutes=8), password=SECRET, address="198.51.100.7") == "Tom Becker"


def test_an_attack_from_everywhere_is_slowed_down_and_those_at_home_are_not(
    session: Session, tom: User, now: datetime
) -> None:
    assert attempt(session, now - timedelta(days=2), password=SECRET) == "Tom Becker"
    session.add_all(
        SignInAttempt(account_key=f"{number}", network=f"2001:db8:{number:x}::/64", at=now - timedelta(minutes=1))
        for number in range(rules.EVERYWHERE.free)
    )
    session.flush()

    assert attempt(session, now, email="x@x.cn", address="198.51.100.1") == "no"
    assert attempt(session, now, email="y@x.cn", address="198.51.100.2") == "wait"
    assert attempt(session, now, password=SECRET) == "Tom Becker"
    assert attempt(session, now + timedelta(seconds=31), email="y@x.cn", address="198.51.100.2") == "no"


def test_failures_are_forgotten_after_an_hour_and_their_rows_after_a_month(
    session: Session, tom: User, now: datetime
) -> None:
    for _ in range(4):
        attempt(session, now)

    assert attempt(session, now + rules.COUNTED + timedelta(seconds=1)) == "no"
    forget_sign_in_attempts(session, now + timedelta(days=31))
    assert session.scalars(select(SignInAttempt)).all() == []


def test_what_was_typed_is_not_kept(session: Session, tom: User, now: datetime) -> None:
    attempt(session, now, email="my secret password by mistake")

    kept = session.scalars(select(SignInAttempt)).one()
    assert "secret" not in f"{kept.account_key} {kept.network}"


def test_signing_out_is_written_down(session: Session, tom: User, now: datetime) -> None:
    sign_out(session, tom, now=now)

    assert actions(session) == [("user.signed_out", str(tom.id), tom.id)]


def test_changing_the_password_ends_every_session_and_tells_the_person(
    session: Session, tom: User, now: datetime
) -> None:
    before = tom.get_id()

    change_password(session, tom, current=SECRET, password="rainy harbour lanterns", address=HOME, now=now)  # noqa: S106

    assert tom.get_id() != before
    assert attempt(session, now, password="rainy harbour lanterns") == "Tom Becker"  # noqa: S106
    assert ("user.password_changed", str(tom.id), tom.id) in actions(session)
    mail = session.scalars(select(OutboxMessage)).one()
    assert (mail.kind, mail.recipient_id) == ("password_changed", tom.id)


def test_the_current_password_is_asked_and_guessing_it_is_slowed_down(
    session: Session, tom: User, now: datetime
) -> None:
    def change(current: str) -> None:
        change_password(session, tom, current=current, password="rainy harbour lanterns", address=HOME, now=now)  # noqa: S106

    for _ in range(4):
        with pytest.raises(rules.CurrentPasswordWrong):
            change("guess")
    with pytest.raises(rules.SignInDelayed):
        change(SECRET)


def test_a_new_password_must_be_a_good_one(session: Session, tom: User, now: datetime) -> None:
    with pytest.raises(PasswordTooCommon):
        set_password(session, tom, password="tombecker2026!", now=now)  # noqa: S106

    assert attempt(session, now, password=SECRET) == "Tom Becker"
