"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

from time import perf_counter

import pytest
from argon2 import PasswordHasher, Type

from helpdesk.accounts.passwords import (
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    check_password,
    hashed,
    is_outdated,
    matches,
)

PERSONAL = ("wang.fang@lanting.example", "王芳 Wang Fang")


@pytest.mark.parametrize(
    "password",
    [
        "correct giraffe battery",
        "tomate-Nebel-kurbel",
        "xK9#mQ2$vL7p",
        "今天天气很好我们去爬山",
        "雨上がりの虹を見に行こう",
        "我的猫喜欢喝绿茶和咖啡呢",
        "rainy harbour 42 lanterns",
        "wanderlust-in-october-fog",
    ],
)
def test_a_password_that_nobody_would_guess_is_accepted(password: str) -> None:
    if len(password) < 12:
        password += "！哈"

    check_password(password, personal=PERSONAL)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "P@ssw0rd1234",
        "passwordpassword",
        "123456789012",
        "000000000000",
        "abababababab",
        "abc123abc123",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "asdfghjkl;12345",
        "administrator1",
        "Admin@123456",
        "woaini1314520",
        "iloveyou12345",
        "welcome2026!!",
        "21vianet21vianet",
        "Helpdesk2026",
        "changeme12345",
        "billinghelp99",
        "letmein123456",
        "himitsu12345678",
        "winter2026winter",
    ],
)
def test_a_password_that_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password)


@pytest.mark.parametrize("password", ["wang.fang2026!", "wangfang123456", "Lanting12345678", "Fang.Wang.2026"])
def test_a_password_made_of_ones_own_name_or_address_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password, personal=PERSONAL)


def test_a_password_has_12_to_128_characters() -> None:
    with pytest.raises(PasswordTooShort, match="12"):
        check_password("xK9#mQ2$vL7")
    with pytest.raises(PasswordTooLong, match="128"):
        check_password("correct giraffe battery " * 6)


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    kept = hashed("correct giraffe battery")

    assert kept.startswith("$argon2id$")
    assert matches(kept, "correct giraffe battery")
    assert not matches(kept, "correct giraffe batterie")


def test_a_hash_with_weaker_settings_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash("correct giraffe battery"))
    assert not is_outdated(hashed("correct giraffe battery"))


def test_without_a_kept_password_the_answer_is_no_after_the_same_work() -> None:
    kept = hashed("correct giraffe battery")
    matches(None, "warm up")

    def seconds(against: str | None) -> float:
        begun = perf_counter()
        assert not matches(against, "a wrong password")
        return perf_counter() - begun

    known = min(seconds(kept) for _ in range(3))
    unknown = min(seconds(None) for _ in range(3))
    assert known / 3 < unknown < known * 3


def test_not_even_the_stand_in_password_signs_in_where_there_is_no_account() -> None:
    assert not matches(None, "nobody has this password")
    assert not matches("not a hash at all", "anything")


def test_the_product_hashes_with_argon2id_and_much_memory(product_hasher: PasswordHasher) -> None:
    assert (product_hasher.type, product_hasher.time_cost) == (Type.ID, 3)
    assert product_hasher.memory_cost == 64 * 1024
