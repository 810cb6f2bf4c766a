"""Fields of the partner's own: what may be answered, and who decides what is asked."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.errors import DomainError
from helpdesk.tickets.models import EventKind, FieldKind, Topic
from helpdesk.tickets.queries.fields import answers_of, fields_in_order, fields_to_ask
from helpdesk.tickets.rules.fields import (
    AnswerMissing,
    AnswerNoDate,
    AnswerNoMoney,
    AnswerNoNumber,
    AnswerNotOffered,
    AnswerTooLong,
    checked,
)
from helpdesk.tickets.services.fields import (
    ChoicesMissing,
    FieldWords,
    LabelMissing,
    keep_answers,
    keep_field,
    move_field,
    retire_field,
)
from tests.cast import Cast
from tests.unit.tickets.scenes import opened

TITLE = FieldWords(topic=Topic.FAPIAO, kind=FieldKind.TEXT, labels={"en": "Tax number", "ja": "税番号"})


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (FieldKind.TEXT, "  a\u202e  b ", "a b"),
        (FieldKind.CHOICE, "Special", "Special"),
        (FieldKind.DATE, "2026-02-28", "2026-02-28"),
        (FieldKind.NUMBER, "3.50", "3.5"),
        (FieldKind.NUMBER, "100", "100"),
        (FieldKind.MONEY, "1,234.50", "123450"),
        (FieldKind.MONEY, "", ""),
    ],
)
def test_an_answer_is_kept_plainly(kind: FieldKind, text: str, kept: str) -> None:
    assert checked(kind, text, required=False, offered=["Special", "Plain"]) == kept


@pytest.mark.parametrize(
    ("kind", "text", "refusal"),
    [
        (FieldKind.TEXT, " ", AnswerMissing),
        (FieldKind.TEXT, "x" * 501, AnswerTooLong),
        (FieldKind.CHOICE, "special", AnswerNotOffered),
        (FieldKind.DATE, "2026-02-30", AnswerNoDate),
        (FieldKind.NUMBER, "NaN", AnswerNoNumber),
        (FieldKind.NUMBER, "1e400", AnswerNoNumber),
        (FieldKind.NUMBER, "many", AnswerNoNumber),
        (FieldKind.MONEY, "plenty", AnswerNoMoney),
    ],
)
def test_what_is_no_answer_is_refused_in_words(kind: FieldKind, text: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        checked(kind, text, required=True, offered=["Special"])


@given(st.dates(), st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_what_was_kept_can_be_typed_again(day: date, number: Decimal) -> None:
    for kind, text in ((FieldKind.DATE, day.isoformat()), (FieldKind.NUMBER, str(number))):
        kept = checked(kind, text, required=True)
        assert checked(kind, kept, required=True) == kept
    assert Decimal(checked(FieldKind.NUMBER, str(number), required=True)) == number


@given(kind=st.sampled_from(FieldKind), text=st.text(max_size=40))
def test_anything_typed_is_kept_or_refused(kind: FieldKind, text: str) -> None:
    try:
        kept = checked(kind, text, required=False, offered=["a"])
    except DomainError:
        return
    assert "\n" not in kept


def test_customers_are_asked_only_what_is_for_them(session: Session, cast: Cast, now: datetime) -> None:
    ours = FieldWords(topic=Topic.FAPIAO, kind=FieldKind.TEXT, labels={"en": "Risk"}, for_customer=False)
    title, risk = (keep_field(session, None, words, by=cast.mei, now=now) for words in (TITLE, ours))
    ticket = opened(session, cast.wang_fang, now, topic=Topic.FAPIAO)
    keep_answers(session, ticket, {title: "91310000", risk: "high"}, by=cast.tom, now=now)

    assert fields_to_ask(session, cast.wang_fang, Topic.FAPIAO) == [title]
    assert [each.value for each in answers_of(session, cast.wang_fang, ticket)] == ["91310000"]
    assert [each.value for each in answers_of(session, cast.tom, ticket)] == ["91310000", "high"]
    assert fields_to_ask(session, cast.wang_fang, Topic.OTHER) == []


def test_a_change_of_an_answer_stands_in_the_history(session: Session, cast: Cast, now: datetime) -> None:
    title = keep_field(session, None, TITLE, by=cast.mei, now=now)
    ticket = opened(session, cast.wang_fang, now, topic=Topic.FAPIAO)
    keep_answers(session, ticket, {title: "1"}, by=cast.wang_fang, now=now, is_new=True)
    for value in ("2", "2", ""):
        keep_answers(session, ticket, {title: value}, by=cast.tom, now=now)
    session.refresh(ticket, ["events"])

    changes = [event.data for event in ticket.events if event.kind is EventKind.TRIAGED]

    assert changes == [{"field:Tax number": ["1", "2"]}, {"field:Tax number": ["2", None]}]


def test_a_retired_field_is_asked_no_more_and_its_answers_stay(session: Session, cast: Cast, now: datetime) -> None:
    title = keep_field(session, None, TITLE, by=cast.mei, now=now)
    ticket = opened(session, cast.wang_fang, now, topic=Topic.FAPIAO)
    keep_answers(session, ticket, {title: "1"}, by=cast.tom, now=now)

    retire_field(session, title, retired=True, by=cast.mei, now=now)

    assert fields_to_ask(session, cast.wang_fang, Topic.FAPIAO) == []
    assert [each.value for each in answers_of(session, cast.wang_fang, ticket)] == ["1"]


def test_fields_change_places(session: Session, cast: Cast, now: datetime) -> None:
    one, two = (keep_field(session, None, TITLE, by=cast.mei, now=now) for _ in range(2))

    move_field(session, two, up=True, by=cast.mei, now=now)
    move_field(session, two, up=True, by=cast.mei, now=now)

    assert fields_in_order(session) == [two, one]


def test_a_field_needs_an_english_name_and_a_choice_two_answers(session: Session, cast: Cast, now: datetime) -> None:
    nameless = FieldWords(topic=Topic.FAPIAO, kind=FieldKind.TEXT, labels={"en": " ", "ja": "名"})
    lonely = FieldWords(topic=Topic.FAPIAO, kind=FieldKind.CHOICE, labels={"en": "Kind"}, choices=[{"en": "a"}])

    with pytest.raises(LabelMissing):
        keep_field(session, None, nameless, by=cast.mei, now=now)
    with pytest.raises(ChoicesMissing):
        keep_field(session, None, lonely, by=cast.mei, now=now)
