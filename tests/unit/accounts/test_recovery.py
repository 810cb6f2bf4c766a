"""A forgotten password."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from helpdesk.accounts.addresses.services import ask_for_change
from helpdesk.accounts.links import LinkOver
from helpdesk.accounts.passwords import PasswordTooCommon, hashed, matches
from helpdesk.accounts.recovery.models import PasswordReset
from helpdesk.accounts.recovery.queries import open_reset
from helpdesk.accounts.recovery.rules import TooManyResets
from helpdesk.accounts.recovery.services import ask_for_reset, forget_resets, reset_password
from helpdesk.accounts.services import disable_user, set_password
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.limits import RESET_LASTS, RESETS_PER_HOUR_NETWORK
from tests.cast import Cast
from tests.mailed import SECRET_KEY, mails, token

BETTER = "rainy harbour lanterns"


def ask(session: Session, email: str, *, now: datetime, address: str = "203.0.113.7") -> None:
    """Ask for a link."""
    ask_for_reset(session, email=email, address=address, secret=SECRET_KEY, now=now)


def test_a_link_gives_a_new_password_once_and_ends_every_session(session: Session, cast: Cast, now: datetime) -> None:
    begin_session(session, cast.tom, device="x", address=None, now=now)
    before = cast.tom.get_id()
    ask(session, " TOM@partner.example ", now=now)
    value = token(session, "password_reset")

    person = reset_password(session, token=value, password=BETTER, now=now + RESET_LASTS - timedelta(seconds=1))

    assert person is cast.tom
    assert matches(person.password_hash, BETTER)
    assert person.get_id() != before
    assert session.scalars(select(UserSession).where(UserSession.user_id == person.id)).all() == []
    assert [mail.kind for mail in mails(session)] == ["password_reset", "password_changed"]
    with pytest.raises(LinkOver):
        reset_password(session, token=value, password=BETTER, now=now)


def test_a_link_is_over_after_an_hour(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast.tom.email, now=now)

    assert open_reset(session, token(session, "password_reset"), now=now + RESET_LASTS) is None


@pytest.mark.parametrize("value", ["", "x", "a" * 43])
def test_an_empty_or_invented_token_never_matches(session: Session, cast: Cast, now: datetime, value: str) -> None:
    ask(session, cast.tom.email, now=now)
    session.scalars(select(PasswordReset)).one().token_hash = ""
    session.flush()

    with pytest.raises(LinkOver):
        reset_password(session, token=value, password=BETTER, now=now)


def test_a_refused_password_leaves_the_link_as_it_was(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast.tom.email, now=now)
    value = token(session, "password_reset")

    with pytest.raises(PasswordTooCommon):
        reset_password(session, token=value, password="password1234", now=now)  # noqa: S106 - not a secret

    assert open_reset(session, value, now=now) is not None


def test_a_new_password_ends_all_other_links(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast.tom.email, now=now)
    first = token(session, "password_reset")
    ask(session, cast.tom.email, now=now)
    second = token(session, "password_reset")
    change = ask_for_change(session, cast.tom, email="evil@x.cn", secret=SECRET_KEY, now=now)

    reset_password(session, token=second, password=BETTER, now=now)

    session.refresh(change)
    assert open_reset(session, first, now=now) is None
    assert change.done_at == now
    ask(session, cast.tom.email, now=now)
    set_password(session, cast.tom, password=BETTER, now=now)
    assert open_reset(session, token(session, "password_reset"), now=now) is None


def test_unknown_and_deactivated_accounts_get_the_same_answer_and_no_mail(
    session: Session, cast: Cast, now: datetime
) -> None:
    disable_user(session, cast.mei, now=now)

    ask(session, "nobody@x.cn", now=now)
    ask(session, cast.mei.email, now=now)

    assert mails(session) == []
    assert [row.user_id for row in session.scalars(select(PasswordReset))] == [None, None]


def test_who_is_deactivated_meanwhile_cannot_use_the_link(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast.tom.email, now=now)
    disable_user(session, cast.tom, now=now)

    assert open_reset(session, token(session, "password_reset"), now=now) is None


def test_the_work_is_the_same_for_an_unknown_address(session: Session, cast: Cast, now: datetime) -> None:
    def statements(email: str) -> list[str]:
        seen: list[str] = []

        def note(_connection: sa.Connection, _cursor: object, statement: str, *_more: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement.split("(", maxsplit=1)[0].split("WHERE", maxsplit=1)[0])

        event.listen(sa.Engine, "before_cursor_execute", note)
        ask(session, email, now=now)
        event.remove(sa.Engine, "before_cursor_execute", note)
        return seen

    cast.tom.password_hash = hashed(BETTER)
    session.flush()

    assert statements(cast.tom.email) == statements("nobody@x.cn")


@pytest.mark.parametrize("email", ["tom@partner.example", "nobody@x.cn"])
def test_three_in_an_hour_for_one_address_known_or_not(session: Session, cast: Cast, now: datetime, email: str) -> None:
    for minute in range(3):
        ask(session, email, now=now + timedelta(minutes=minute), address=f"203.0.113.{minute}")

    with pytest.raises(TooManyResets, match="58 minutes"):
        ask(session, email, now=now + timedelta(minutes=2))
    ask(session, email, now=now + timedelta(hours=1))


def test_one_network_cannot_ask_for_everybody(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(RESETS_PER_HOUR_NETWORK):
        ask(session, f"p{number}@x.cn", now=now)

    with pytest.raises(TooManyResets):
        ask(session, "one.more@x.cn", now=now)
    ask(session, "one.more@x.cn", now=now, address="198.51.100.1")


def test_old_requests_are_forgotten(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast.tom.email, now=now)

    forget_resets(session, now + timedelta(hours=1, seconds=1))

    assert session.scalars(select(PasswordReset)).all() == []
