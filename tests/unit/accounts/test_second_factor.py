"""Codes of the app, recovery codes, and the seal around the secret."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.rules import SignInDelayed
from helpdesk.accounts.second_factor import rules, services
from helpdesk.accounts.second_factor.models import RecoveryCode, SecondFactor
from helpdesk.accounts.second_factor.queries import has_second_factor, unused_codes
from helpdesk.accounts.second_factor.sealing import Seal, SealBroken
from helpdesk.audit.models import AuditEntry
from helpdesk.limits import RECOVERY_CODES
from helpdesk.notifications.models import OutboxMessage
from tests.cast import Cast
from tests.second_step import KEY, give_second_factor, shown_by_app

SEAL = Seal([KEY])
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 - of RFC 6238, appendix B
LATER = timedelta(minutes=5)


def at(seconds: int) -> datetime:
    """That many seconds after 1970 began."""
    return datetime.fromtimestamp(seconds).astimezone()


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert rules.matching_step(RFC_SECRET, code, now=at(seconds), after=None) == seconds // 30
    assert rules.matching_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", now=at(seconds), after=None) is not None


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(now: datetime, late: int, taken: bool) -> None:  # noqa: FBT001
    code = shown_by_app(RFC_SECRET, now + timedelta(seconds=late))

    assert (rules.matching_step(RFC_SECRET, code, now=now, after=None) is not None) is taken


def test_a_used_step_and_earlier_ones_are_never_taken_again(now: datetime) -> None:
    code, step = shown_by_app(RFC_SECRET, now), rules.step_at(now)

    assert rules.matching_step(RFC_SECRET, code, now=now, after=step - 1) == step
    assert rules.matching_step(RFC_SECRET, code, now=now, after=step) is None
    assert rules.matching_step(RFC_SECRET, code, now=now, after=step + 1) is None


@given(st.text(max_size=20))
def test_nothing_that_is_typed_is_an_accident(text: str) -> None:
    assert rules.matching_step(RFC_SECRET, text, now=at(59), after=2) is None
    rules.looks_like_recovery(text)
    rules.recovery_hash(text)


def test_recovery_codes_differ_and_are_read_however_they_are_typed() -> None:
    codes = rules.new_recovery_codes()

    assert len(set(codes)) == RECOVERY_CODES == 10
    assert all(rules.looks_like_recovery(code) for code in codes)
    assert rules.recovery_hash(codes[0]) == rules.recovery_hash(f" {codes[0].upper().replace('-', ' ')} ")
    assert not rules.looks_like_recovery("123456")


def test_the_secret_lies_sealed_in_the_database_and_codes_as_digests(
    session: Session, cast: Cast, now: datetime
) -> None:
    secret, codes = give_second_factor(session, cast.tom, now=now)

    kept = session.scalars(select(SecondFactor)).one()
    assert kept.sealed_secret is not None
    assert secret not in kept.sealed_secret
    assert SEAL.open(kept.sealed_secret) == secret
    kept_codes = {row.code_hash for row in session.scalars(select(RecoveryCode))}
    assert len(kept_codes) == len(codes)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in kept_codes)
    assert not [code for code in codes for each in kept_codes if code.replace("-", "").lower() in each]


def test_setting_up_needs_a_code_ends_other_sessions_and_tells_the_person(
    session: Session, cast: Cast, now: datetime
) -> None:
    services.begin_set_up(session, cast.tom, seal=SEAL)
    epoch = cast.tom.epoch
    with pytest.raises(rules.CodeRefused):
        services.finish_set_up(session, cast.tom, code="000000", seal=SEAL, address=None, now=now)
    assert not has_second_factor(session, cast.tom)

    give_second_factor(session, cast.tom, now=now)

    assert has_second_factor(session, cast.tom)
    assert cast.tom.epoch == epoch + 1
    mail = session.scalars(select(OutboxMessage)).one()
    assert (mail.kind, mail.recipient_id, mail.payload["what"]) == (
        "second_step_changed",
        cast.tom.id,
        "second_factor_on",
    )


def test_nothing_is_finished_that_was_not_begun(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(rules.NotSetUp):
        services.finish_set_up(session, cast.tom, code="123456", seal=SEAL, address=None, now=now)


def check(session: Session, cast: Cast, code: str, now: datetime) -> str:
    """Give a code as Tom; the refusal's name, or `in`."""
    try:
        services.check_second_step(session, cast.tom, code=code, seal=SEAL, address="203.0.113.9", now=now)
    except (rules.CodeRefused, rules.RecoveryCodeRefused):
        return "no"
    except SignInDelayed:
        return "wait"
    return "in"


def test_a_code_works_once(session: Session, cast: Cast, now: datetime) -> None:
    secret, _ = give_second_factor(session, cast.tom, now=now)

    assert check(session, cast, shown_by_app(secret, now), now) == "no"  # it confirmed the app
    later = now + LATER
    assert check(session, cast, shown_by_app(secret, later), later) == "in"
    assert check(session, cast, shown_by_app(secret, later), later + timedelta(seconds=20)) == "no"


def test_a_recovery_code_works_once_and_the_person_is_told(session: Session, cast: Cast, now: datetime) -> None:
    _, codes = give_second_factor(session, cast.tom, now=now)

    assert [check(session, cast, codes[3].upper(), now) for _ in range(2)] == ["in", "no"]
    assert unused_codes(session, cast.tom) == 9
    told = [mail.payload["what"] for mail in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]
    assert told == ["second_factor_on", "recovery_code_used"]
    failed = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.second_step_failed")).all()
    assert [entry.object_id for entry in failed] == [str(cast.tom.id)]


def test_somebody_elses_recovery_code_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    give_second_factor(session, cast.tom, now=now)
    _, codes = give_second_factor(session, cast.mei, now=now)

    assert check(session, cast, codes[0], now) == "no"


def test_guessing_is_slowed_down_apart_from_the_password_and_never_for_good(
    session: Session, cast: Cast, now: datetime
) -> None:
    secret, codes = give_second_factor(session, cast.tom, now=now)
    answers = [check(session, cast, "000000", now) for _ in range(20)]

    assert "wait" in answers
    assert answers[-1] == "wait"
    assert check(session, cast, codes[0], now) == "wait"
    later = now + timedelta(minutes=20)
    assert check(session, cast, shown_by_app(secret, later), later) == "in"
    keys = {row.account_key for row in session.scalars(select(SignInAttempt))}
    assert keys == {rules.attempts_key(cast.tom.id)}


def test_new_recovery_codes_void_the_earlier_ones(session: Session, cast: Cast, now: datetime) -> None:
    _, old = give_second_factor(session, cast.tom, now=now)
    new = services.renew_codes(session, cast.tom, now=now)

    assert check(session, cast, old[0], now) == "no"
    assert check(session, cast, new[0], now) == "in"
    with pytest.raises(rules.SecondStepMissing):
        services.renew_codes(session, cast.mei, now=now)


def test_another_app_replaces_the_first_only_once_it_is_confirmed(session: Session, cast: Cast, now: datetime) -> None:
    old, _ = give_second_factor(session, cast.tom, now=now)
    services.begin_set_up(session, cast.tom, seal=SEAL)
    later = now + LATER
    assert check(session, cast, shown_by_app(old, later), later) == "in"

    later += LATER
    new, _ = give_second_factor(session, cast.tom, now=later)

    later += LATER
    assert check(session, cast, shown_by_app(old, later), later) == "no"
    assert check(session, cast, shown_by_app(new, later), later) == "in"


def test_one_may_do_without_unless_the_role_needs_it_and_others_may_help(
    session: Session, cast: Cast, now: datetime
) -> None:
    give_second_factor(session, cast.tom, now=now)
    epoch = cast.tom.epoch

    with pytest.raises(rules.SecondStepNeeded):
        services.remove_second_factor(session, cast.tom, required=True, now=now, by=cast.tom)
    services.remove_second_factor(session, cast.tom, required=True, now=now, by=cast.root)

    assert not has_second_factor(session, cast.tom)
    assert unused_codes(session, cast.tom) == 0
    assert cast.tom.epoch == epoch + 1
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.actor_id) == ("user.second_factor_off", cast.root.id)
    with pytest.raises(rules.SecondStepMissing):
        services.remove_second_factor(session, cast.tom, required=False, now=now)


def test_a_seal_of_an_earlier_key_still_opens_and_is_renewed(session: Session, cast: Cast, now: datetime) -> None:
    secret, _ = give_second_factor(session, cast.tom, now=now)
    services.begin_set_up(session, cast.mei, seal=SEAL)
    moved = Seal(["another key, which is the new one of all", KEY])
    later = now + LATER
    services.check_second_step(session, cast.tom, code=shown_by_app(secret, later), seal=moved, address=None, now=later)

    assert services.renew_seals(session, seal=moved) == 2
    assert services.renew_seals(session, seal=moved) == 0

    later += LATER
    alone = Seal(["another key, which is the new one of all"])
    services.check_second_step(session, cast.tom, code=shown_by_app(secret, later), seal=alone, address=None, now=later)
    with pytest.raises(SealBroken):
        services.renew_seals(session, seal=Seal(["a key that never was here before, not once"]))
