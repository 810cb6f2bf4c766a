"""Publishing the policy, accepting it, and seeing what changed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.collections.models import StageKind
from helpdesk.collections.queries import acceptance_of, policy_in_force, stage_variables
from helpdesk.collections.rules import policies as rules
from helpdesk.collections.rules.changes import Change, Kind, changes_between
from helpdesk.collections.rules.clauses import clauses_of, preamble_of
from helpdesk.collections.services import accept_policy
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.collections.making import TERMS, published

DAYS = rules.DEFAULT_DAYS
TODAY = date(2026, 11, 24)


def test_a_published_text_holds_its_numbers(session: Session, now: datetime) -> None:
    policy = published(
        session, effective_from=TODAY, now=now, minimum=Money(5000), days=DAYS | {StageKind.SUSPENSION: 33}
    )

    for text in policy.texts:
        assert "33" in text.body
        assert "50.00" in text.body
        assert "{{" not in text.body
        assert text.sha256 == rules.digest(text.body)


@pytest.mark.parametrize("locale", rules.LOCALES)
def test_the_shipped_terms_have_every_cited_clause_and_numbers_for_every_variable(
    session: Session, now: datetime, locale: str
) -> None:
    text = published(session, now=now).text_in(locale)

    assert text.locale == locale
    assert set(rules.CLAUSES.values()) <= {clause.number for clause in clauses_of(text.body)}
    assert all(clause.body or clause.level == 2 for clause in clauses_of(text.body))


def test_all_languages_have_the_same_clauses() -> None:
    clauses = {tuple((clause.number, clause.level) for clause in clauses_of(text)) for text in TERMS.values()}

    assert len(clauses) == 1
    assert 12 <= len(clauses.pop()) <= 20


def test_a_clause_has_its_number_title_text_and_an_anchor_that_no_language_changes() -> None:
    text = "Before.\n\n## 1. What counts\n\n### 1.2 部分付款\n\n已付的部分会减少欠款。\n\n#### No number\n\nStays."

    first, second = clauses_of(text)

    assert preamble_of(text) == "Before."
    assert (first.number, first.title, first.body, first.anchor) == ("1", "What counts", "", "clause-1")
    assert (second.number, second.title, second.anchor) == ("1.2", "部分付款", "clause-1-2")
    assert second.body.endswith("Stays.")


@pytest.mark.parametrize(
    "days",
    [
        DAYS | {StageKind.SECOND_REMINDER: 3},
        DAYS | {StageKind.SUSPENSION: 19},
        DAYS | {StageKind.REMINDER: 0},
    ],
)
def test_a_stage_that_could_be_reached_without_its_warning_is_refused(
    session: Session, now: datetime, days: dict[StageKind, int]
) -> None:
    with pytest.raises(rules.StagesUnordered):
        published(session, effective_from=TODAY, now=now, days=days)


def test_a_policy_names_every_stage(session: Session, now: datetime) -> None:
    with pytest.raises(rules.StagesIncomplete):
        published(session, now=now, days={StageKind.REMINDER: 3})


def test_the_final_notice_leaves_time(session: Session, now: datetime) -> None:
    with pytest.raises(rules.FinalNoticeTooShort):
        published(session, effective_from=TODAY, now=now, days=DAYS | {StageKind.SUSPENSION: 22})


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ja": ""}, rules.TextMissing),
        ({"en": "## 1. Only this"}, rules.ClauseMissing),
        ({"zh-Hans": "{{ policy.fee }}"}, rules.VariableUnknown),
    ],
)
def test_an_unfinished_text_is_refused(
    session: Session, now: datetime, change: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        published(session, effective_from=TODAY, now=now, texts={**TERMS, **change})


def test_the_version_in_force_is_the_newest_that_has_taken_effect(session: Session, now: datetime) -> None:
    published(session, effective_from=date(2026, 1, 1), now=now)
    published(session, effective_from=date(2026, 12, 1), now=now, days=DAYS | {StageKind.REMINDER: 5})

    before, after = policy_in_force(session, TODAY), policy_in_force(session, date(2026, 12, 1))

    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert stage_variables(session, date(2026, 12, 1))["reminder_day"] == 5


def test_before_the_first_policy_articles_show_the_days_that_are_offered(session: Session) -> None:
    assert stage_variables(session, TODAY)["suspension_day"] == DAYS[StageKind.SUSPENSION]


def test_an_acceptance_says_who_and_which_text(session: Session, cast: Cast, now: datetime) -> None:
    policy = published(session, effective_from=TODAY, now=now)

    accept_policy(session, policy, by=cast.wang_fang, locale="zh-Hans", now=now)
    accept_policy(session, policy, by=cast.wang_fang, locale="en", now=now)

    found = acceptance_of(session, cast.lanting.id)
    assert found is not None
    assert (found.user_id, found.locale) == (cast.wang_fang.id, "zh-Hans")
    assert found.sha256 == policy.text_in("zh-Hans").sha256


def test_only_the_newest_version_is_accepted(session: Session, cast: Cast, now: datetime) -> None:
    first = published(session, effective_from=TODAY, now=now)
    published(session, effective_from=TODAY, now=now)

    with pytest.raises(rules.PolicyNotNewest):
        accept_policy(session, first, by=cast.wang_fang, locale="en", now=now)


@pytest.mark.parametrize("person", ["li_na", "tom", "emma"])
def test_only_a_billing_contact_accepts(session: Session, cast: Cast, now: datetime, person: str) -> None:
    policy = published(session, effective_from=TODAY, now=now)

    with pytest.raises(rules.NotYoursToAccept):
        accept_policy(session, policy, by=getattr(cast, person), locale="en", now=now)


def shown(change: Change) -> str:
    marks = {Kind.KEPT: "{}", Kind.ADDED: "[+{}]", Kind.REMOVED: "[-{}]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in change.pieces)


def test_a_changed_number_is_shown_in_its_clause() -> None:
    changes = changes_between("## 3.1 Reminder\n\nAfter 3 days.\n\nRest.", "## 3.1 Reminder\n\nAfter 5 days.\n\nRest.")

    assert [(change.heading, shown(change)) for change in changes] == [("3.1 Reminder", "After [-3][+5] days.")]


def test_chinese_is_compared_by_character() -> None:
    changes = changes_between("## 3.1 提醒\n\n到期日后第 3 天提醒。", "## 3.1 提醒\n\n到期日后第 5 天，再次提醒。")

    assert shown(changes[0]) == "到期日后第 [-3][+5] 天[+，再次]提醒。"


def test_new_and_removed_paragraphs_are_whole() -> None:
    changes = changes_between("One stands.\n\nTwo goes away entirely.", "One stands.\n\nXYZ 123 qqq.")

    assert {piece.kind for change in changes for piece in change.pieces} == {Kind.ADDED, Kind.REMOVED}


TEXTS = st.text(st.sampled_from("ab 1提醒。\n# "), max_size=80)


@given(old=TEXTS, new=TEXTS)
def test_equal_texts_have_no_changes_and_others_end_in_the_new_words(old: str, new: str) -> None:
    assert changes_between(new, new) == []

    added = "".join(p.text for c in changes_between(old, new) for p in c.pieces if p.kind is not Kind.REMOVED)

    assert set(added) <= set(new)
