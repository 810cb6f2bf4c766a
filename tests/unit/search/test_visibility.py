"""No question, however hostile, shows a stranger an internal article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.search.contracts import LOCALES, PUBLIC
from helpdesk.search.services import suggest
from tests.unit.search.conftest import Desk, _desk, article

CANARIES = {"en": "xylophonequartz", "zh-Hans": "鼬獾麒麟", "ja": "鼬獾麒麟"}
HOSTILE = [
    "t:[a TO z]", "*a*", "audience:agents", "scope:agents", "key:2", "NOT public", "* OR agents", "terms:*",
    "' OR 1=1 --", '"unbalanced', "(((((", "a" * 10_000, "麒麟" * 5_000, "\x00\x01\x1f", "\ud800", "!!! ???", "%", "_",
    "\\", "the and of", "のにを", "的", "😀😀", "xylophonequarts", "xylophone", "x*", "鼬", "鼬獾", "獾麒",
    "x1-2-3-4", "'|&!():*",
    "﷽" * 200, "a-" * 300, "1.1.1." * 100, "\u202e\u200b", "INV-" + "9" * 400,
]  # fmt: skip


@pytest.fixture(scope="module", params=["whoosh", "postgres"])
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_name: str
) -> Iterator[Desk]:
    """Public articles beside internal ones that hold a canary everywhere."""
    folder: Path = tmp_path_factory.mktemp("guarded")
    for desk in _desk(request.param, folder, worker_name):
        for locale, canary in CANARIES.items():
            desk.save(
                article(1, locale=locale, title="Refunds 退款 返金", body="A refund takes days. 退款需要几天。"),
                article(
                    2, locale=locale, audience="agents", category=canary, title=canary, summary=canary,
                    headings=(canary,), tags=(canary,), body=f"refund 退款 {canary}",
                ),
            )  # fmt: skip
        desk.drain()
        yield desk


def _told(desk: Desk, text: str, locale: str) -> str:
    answer = desk.ask(text, locale)
    with desk.sessions() as session:
        suggested = suggest(session, text, locale=locale, audiences=PUBLIC, index=desk.index)
    assert answer.total <= 1
    assert not answer.degraded
    told = asdict(answer)
    if answer.correction:
        told["correction"]["original"] = ""
    return repr(told) + repr(suggested)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_questions_find_no_internal_article(guarded: Desk, text: str, locale: str) -> None:
    told = _told(guarded, text, locale)

    assert not any(canary in told for canary in CANARIES.values())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["refund", "退款", "返金", *CANARIES.values(), *HOSTILE[:12]]),
            st.text(max_size=12),
        ),
        max_size=6,
    ).map(" ".join),
    st.sampled_from(LOCALES),
)
def test_no_question_finds_an_internal_article(guarded: Desk, text: str, locale: str) -> None:
    told = _told(guarded, text, locale)

    assert not any(canary in told for canary in CANARIES.values())


def test_those_who_may_see_it_find_it(guarded: Desk) -> None:
    staff = frozenset({"public", "agents"})

    assert guarded.slugs(CANARIES["en"], audiences=staff) == ["article-2"]
    assert guarded.slugs(CANARIES["zh-Hans"], "zh-Hans", audiences=staff) == ["article-2"]
