"""What the checks find, and what they leave alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.kb.checks import Finding, Problem, Surroundings, check_content
from helpdesk.kb.rules import Content
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import render
from helpdesk.notifications.services import queue_mail
from tests.cast import Cast

VALUES = {
    "limits.data_retention_days": "60",
    "limits.payment_terms_days": "30",
    "limits.late_charge_percent": "1.5",
    "policy.suspension_day": "45",
}


def found(body: str, *, title: str = "T", locale: str = "en", **around: object) -> list[Finding]:
    known = Surroundings(variables=VALUES, **around)  # type: ignore[arg-type]
    return check_content(Content(title, "S", body), locale=locale, slug="own", around=known)


def kinds(findings: list[Finding]) -> list[Problem]:
    return [one.kind for one in findings]


@pytest.mark.parametrize(
    ("locale", "line", "expected"),
    [
        ("en", "All data is deleted after 90 days.", Problem.CONTRADICTS),
        ("en", "All data is deleted after 60 days.", Problem.USE_VARIABLE),
        ("zh-Hans", "数据将在90天后删除。", Problem.CONTRADICTS),
        ("ja", "データは90日後に削除されます。", Problem.CONTRADICTS),
        ("en", "A late charge of 2 % is added.", Problem.CONTRADICTS),
    ],
)
def test_a_number_that_contradicts_the_rules_is_found(locale: str, line: str, expected: Problem) -> None:
    assert kinds(found(line, locale=locale)) == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "All data is deleted after {{ limits.data_retention_days }} days.",
        "For 15 of 31 days: `15 × 11.00 ÷ 31 = 5.32`, then deleted.",
        "```\ndeleted after 90 days\n```",
        "Deleted on 2026年11月24日。",
        "We meet every 7 days.",
    ],
)
def test_examples_dates_and_live_values_are_left_alone(line: str) -> None:
    assert found(line) == []


def test_anchors_of_this_and_other_articles_are_followed() -> None:
    body = "[a](#late) [b](#gone) [c](../other/#there) [d](../other/#lost) [e](#延滞)\n\n## Late\n\n## 延滞\n"

    places = [one.values["place"] for one in found(body, slugs=frozenset({"other"}), ids_of=lambda _slug: {"there"})]

    assert places == ["other#lost", "#gone"] or sorted(map(str, places)) == ["#gone", "other#lost"]


def test_parts_that_were_not_translated_are_found() -> None:
    source = "Pay by the date that is printed on your invoice, please."

    findings = found(f"请按期付款。\n\n{source}\n", locale="zh-Hans", source=source)

    assert kinds(findings) == [Problem.FOREIGN]
    assert findings[0].line == 3


def test_advice_comes_last_and_is_marked() -> None:
    long = " ".join(["word"] * 50) + "."

    findings = found(f"{long}\n\n[x](../gone/)", title="A title " * 10)

    assert kinds(findings) == [Problem.LINK, Problem.LONG_TITLE, Problem.LONG_SENTENCE]
    assert [one.is_hint for one in findings] == [False, True, True]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("article_review", {"step": "returned", "by": "Emma", "title": "T", "words": "Why?", "path": "/work/x"}),
        ("article_review", {"step": "approved", "by": "Emma", "title": "T", "words": "", "path": "/work/x"}),
        ("article_review_due", {"due": "2026-11-24", "articles": [{"name": "T", "path": "/work/x"}], "path": "/"}),
    ],
)
def test_the_mails_say_what_to_do(  # noqa: PLR0917 - fixtures
    app: Flask, session: Session, cast: Cast, now: datetime, kind: str, payload: dict[str, str], locale: str
) -> None:
    del app
    cast.mei.locale = locale
    message: OutboxMessage = queue_mail(
        session,
        kind=kind,
        recipient=cast.mei,
        subject_type="article",
        subject_id=1,
        group_key="g",
        dedupe_key="d",
        payload=payload,
        now=now,
    )

    mail = render(message, address="helpdesk@partner.example")

    assert "/work/x" in mail.text
    assert "T" in mail.subject
