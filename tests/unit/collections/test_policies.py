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
from helpdesk.collections.services import accept_policy, default_texts, publish_policy
from helpdesk.kb.rendering import render_markdown
from helpdesk.money import Money
from tests.cast import Cast

DAYS = rules.DEFAULT_DAYS
TODAY = date(2026, 11, 24)


def test_a_published_text_holds_its_numbers(session: Session, now: datetime) -> None:
    policy = publish_policy(
        session, effective_from=TODAY, now=now, minimum=Money(5000), days=DAYS | {StageKind.SUSPENSION: 33}
    )

    for text in policy.texts:
        assert "33" in text.body
        assert "50.00 CNY" in text.body
        assert "{{" not in text.body
        assert text.sha256 == rules.digest(text.body)


@pytest.mark.parametrize("locale", rules.LOCALES)
def test_every_cited_clause_is_a_heading_with_an_anchor(locale: str) -> None:
    rendered = render_markdown(default_texts()[locale], locale=locale)

    for clause in rules.CLAUSES.values():
        assert any(heading.startswith(f"{clause} ") for heading in rendered.headings)


def test_all_languages_have_the_same_clauses() -> None:
    clauses = {tuple(rules.clauses_of(text)) for text in default_texts().values()}

    assert len(clauses) == 1


@pytest.mark.parametrize(
    "days",
    [
        DAYS | {StageKind.SECOND_REMINDER: 3},
        DAYS | {StageKind.SUSPENSION: 19},
        DAYS | {StageKind.REMINDER: 0},
        {StageKind.REMINDER: 3},
    ],
)
def test_a_stage_that_could_be_reached_without_its_warning_is_refused(
    session: Session, now: datetime, days: dict[StageKind, int]
) -> None:
    with pytest.raises(rules.StagesUnordered):
        publish_policy(session, effective_from=TODAY, now=now, days=days)


def test_the_final_notice_leaves_time(session: Session, now: datetime) -> None:
    with pytest.raises(rules.FinalNoticeTooShort):
        publish_policy(session, effective_from=TODAY, now=now, days=DAYS | {StageKind.SUSPENSION: 22})


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
        publish_policy(session, effective_from=TODAY, now=now, texts={**default_texts(), **change})


def test_the_version_in_force_is_the_newest_that_has_taken_effect(session: Session, now: datetime) -> None:
    publish_policy(session, effective_from=date(2026, 1, 1), now=now)
    publish_policy(session, effective_from=date(2026, 12, 1), now=now, days=DAYS | {StageKind.REMINDER: 5})

    before, after = policy_in_force(session, TODAY), policy_in_force(session, date(2026, 12, 1))

    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert stage_variables(session, date(2026, 12, 1))["reminder_day"] == 5


def test_without_a_policy_articles_get_no_numbers(session: Session) -> None:
    assert stage_variables(session, TODAY) == {}


def test_an_acceptance_says_who_and_which_text(session: Session, cast: Cast, now: datetime) -> None:
    policy = publish_policy(session, effective_from=TODAY, now=now)

    accept_policy(session, policy, by=cast.wang_fang, locale="zh-Hans", now=now)
    accept_policy(session, policy, by=cast.wang_fang, locale="en", now=now)

    found = acceptance_of(session, cast.lanting.id)
    assert found is not None
    assert (found.user_id, found.locale) == (cast.wang_fang.id, "zh-Hans")
    assert found.sha256 == policy.text_in("zh-Hans").sha256


def test_only_the_newest_version_is_accepted(session: Session, cast: Cast, now: datetime) -> None:
    first = publish_policy(session, effective_from=TODAY, now=now)
    publish_policy(session, effective_from=TODAY, now=now)

    with pytest.raises(rules.AcceptanceNotLatest):
        accept_policy(session, first, by=cast.wang_fang, locale="en", now=now)


@pytest.mark.parametrize("person", ["li_na", "tom", "emma"])
def test_only_a_billing_contact_accepts(session: Session, cast: Cast, now: datetime, person: str) -> None:
    policy = publish_policy(session, effective_from=TODAY, now=now)

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
