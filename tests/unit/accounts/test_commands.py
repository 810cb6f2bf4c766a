"""Accounts from the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.accounts.commands import user
from helpdesk.accounts.passwords import matches
from helpdesk.accounts.queries import user_by_email
from helpdesk.accounts.second_factor.queries import has_second_factor
from tests.cast import Cast
from tests.second_step import give_second_factor


@pytest.fixture(autouse=True)
def _in_application(app: Flask, session: Session) -> Iterator[None]:
    """Commands run inside the application."""
    with app.app_context():
        yield


def run(*words: str, given: str = "") -> Result:
    """Run `helpdesk user ...`."""
    return CliRunner().invoke(user, list(words), input=given)


NEW = ("create", "--email", "new@partner.example", "--name", "New Agent", "--role", "agent", "--password-stdin")


def test_an_account_is_made_with_a_password_from_standard_input(session: Session, cast: Cast) -> None:
    result = run(*NEW, given="correct giraffe battery\n")

    assert (result.exit_code, result.stdout) == (0, "new@partner.example\n")
    made = user_by_email(session, "new@partner.example")
    assert made is not None
    assert matches(made.password_hash, "correct giraffe battery")


def test_what_is_missing_is_asked_and_the_password_twice(session: Session, cast: Cast) -> None:
    answers = "li@lanting.example\nLi Wei\ncustomer_member\ncorrect giraffe battery\ncorrect giraffe battery\n"

    result = run("create", "--customer", "LANTING.partner.onmschina.cn", "--locale", "zh-Hans", given=answers)

    assert result.exit_code == 0, result.output
    assert "correct giraffe" not in result.output
    made = user_by_email(session, "li@lanting.example")
    assert made is not None
    assert (made.customer_id, made.locale) == (cast.lanting.id, "zh-Hans")


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (NEW, "short", "at least 12 characters"),
        (NEW, "password1234", "one of the first that anyone would try"),
        ((*NEW, "--email", "tom@partner.example"), "correct giraffe battery", "already an account"),
        (
            (*NEW, "--customer", "nobody.example"),
            "correct giraffe battery",
            "no customer with the domain nobody.example",
        ),
        ((*NEW, "--role", "billing_contact"), "correct giraffe battery", "belongs to a customer"),
    ],
)
def test_a_refusal_is_said_in_words_with_exit_code_1(
    session: Session, cast: Cast, words: tuple[str, ...], password: str, sentence: str
) -> None:
    result = run(*words, given=f"{password}\n")

    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr


def test_an_unknown_role_is_a_usage_error(session: Session, cast: Cast) -> None:
    assert run(*NEW, "--role", "king", given="x\n").exit_code == 2


def test_an_account_is_disabled_once(session: Session, cast: Cast) -> None:
    assert run("disable", "TOM@partner.example").exit_code == 0

    again, unknown = run("disable", "tom@partner.example"), run("disable", "nobody@x.cn")
    session.refresh(cast.tom)
    assert not cast.tom.is_active
    assert (again.exit_code, unknown.exit_code) == (1, 1)
    assert "already disabled" in again.stderr
    assert "no account" in unknown.stderr


def test_the_second_step_of_a_lost_phone_is_taken_away(session: Session, cast: Cast, now: datetime) -> None:
    give_second_factor(session, cast.tom, now=now)

    done = run("reset-2fa", "TOM@partner.example")
    again, unknown = run("reset-2fa", "tom@partner.example"), run("reset-2fa", "nobody@x.cn")

    assert done.exit_code == 0
    assert not has_second_factor(session, cast.tom)
    assert "no second step to remove" in again.stderr
    assert unknown.exit_code == 1


def test_an_account_is_enabled_again_once(session: Session, cast: Cast) -> None:
    run("disable", "tom@partner.example")

    done, again, unknown, usage = (
        run("enable", "TOM@partner.example"),
        run("enable", "tom@partner.example"),
        run("enable", "nobody@x.cn"),
        run("enable"),
    )

    session.refresh(cast.tom)
    assert cast.tom.is_active
    assert [result.exit_code for result in (done, again, unknown, usage)] == [0, 1, 1, 2]
    assert "is not deactivated" in again.stderr
