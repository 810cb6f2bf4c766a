"""Another e-mail address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.addresses.queries import open_change, waiting_change
from helpdesk.accounts.addresses.services import (
    SameAddress,
    TooManyChanges,
    ask_for_change,
    confirm_change,
    withdraw_change,
)
from helpdesk.accounts.links import LinkOver
from helpdesk.accounts.recovery.queries import open_reset
from helpdesk.accounts.recovery.services import ask_for_reset
from helpdesk.accounts.rules import EmailMalformed, EmailTaken
from helpdesk.audit.models import AuditEntry
from helpdesk.limits import EMAIL_CHANGE_LASTS, EMAIL_CHANGES_PER_HOUR
from tests.cast import Cast
from tests.mailed import SECRET_KEY, mails, token

NEW = "becker@partner.example"
OLD = "tom@partner.example"


def ask(session: Session, cast: Cast, *, now: datetime, email: str = NEW) -> None:
    """Tom asks for another address."""
    ask_for_change(session, cast.tom, email=email, secret=SECRET_KEY, now=now)


def test_both_addresses_are_told_before_and_after_and_nothing_changes_until_it_is_confirmed(
    session: Session, cast: Cast, now: datetime
) -> None:
    ask(session, cast, now=now, email=f" {NEW.upper()} ")
    told = [(mail.kind, mail.delivery.address, "private" in mail.payload) for mail in mails(session)]
    assert told == [("email_confirm", NEW, True), ("email_asked", OLD, False)]
    assert cast.tom.email == OLD

    confirm_change(session, cast.tom, token=token(session, "email_confirm"), now=now)

    assert cast.tom.email == NEW
    assert [mail.delivery.address for mail in mails(session, "email_changed")] == [OLD, NEW]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.email_changed")).one()
    assert (entry.before, entry.after) == ({"email": OLD}, {"email": NEW})


def test_a_link_works_once_in_time_and_for_the_person_who_asked(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast, now=now)
    value = token(session, "email_confirm")

    assert open_change(session, cast.mei, value, now=now) is None
    assert open_change(session, cast.tom, value, now=now + EMAIL_CHANGE_LASTS) is None
    assert open_change(session, cast.tom, "", now=now) is None
    with pytest.raises(LinkOver):
        confirm_change(session, cast.mei, token=value, now=now)
    confirm_change(session, cast.tom, token=value, now=now)
    with pytest.raises(LinkOver):
        confirm_change(session, cast.tom, token=value, now=now)


def test_another_wish_and_a_withdrawal_end_the_earlier_link(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast, now=now)
    first = token(session, "email_confirm")
    ask(session, cast, now=now, email="other@partner.example")
    second = token(session, "email_confirm")

    assert open_change(session, cast.tom, first, now=now) is None
    assert open_change(session, cast.tom, second, now=now) is not None
    withdraw_change(session, cast.tom, now=now)

    assert open_change(session, cast.tom, second, now=now) is None
    assert waiting_change(session, cast.tom, now=now) is None


def test_an_address_that_somebody_has_gets_the_same_answer_and_no_link(
    session: Session, cast: Cast, now: datetime
) -> None:
    ask(session, cast, now=now, email=cast.sato.email)

    waiting = waiting_change(session, cast.tom, now=now)
    assert waiting is not None
    assert waiting.email == cast.sato.email
    known = mails(session, "email_known")[0]
    assert (known.recipient_id, known.locale, "private" in known.payload) == (cast.sato.id, "ja", False)
    assert mails(session, "email_confirm") == []


def test_an_address_that_somebody_got_meanwhile_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    ask(session, cast, now=now)
    cast.mei.email = NEW
    session.flush()

    with pytest.raises(EmailTaken):
        confirm_change(session, cast.tom, token=token(session, "email_confirm"), now=now)


def test_a_reset_link_in_the_old_mailbox_opens_nothing_after_the_change(
    session: Session, cast: Cast, now: datetime
) -> None:
    ask_for_reset(session, email=OLD, address=None, secret=SECRET_KEY, now=now)
    ask(session, cast, now=now)

    confirm_change(session, cast.tom, token=token(session, "email_confirm"), now=now)

    assert open_reset(session, token(session, "password_reset"), now=now) is None


def test_what_makes_no_sense_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(SameAddress):
        ask(session, cast, now=now, email=OLD)
    with pytest.raises(EmailMalformed):
        ask(session, cast, now=now, email="nonsense")
    for number in range(EMAIL_CHANGES_PER_HOUR):
        ask(session, cast, now=now, email=f"p{number}@x.cn")
    with pytest.raises(TooManyChanges):
        ask(session, cast, now=now)
    ask(session, cast, now=now + timedelta(hours=1))
