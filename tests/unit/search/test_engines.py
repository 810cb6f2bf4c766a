"""What holds for every engine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from helpdesk.search.evaluate import evaluate, read_cases
from tests.bench import search_corpus
from tests.unit.search.conftest import Desk, _desk, article

KB = Path(__file__).parents[3] / "kb"


def test_an_article_is_found_once_it_is_drained(desk: Desk) -> None:
    desk.save(article(1, title="Pay an invoice"), article(2, title="Buy seats", body="More seats for the team."))
    desk.drain()

    assert desk.slugs("paying invoices") == ["article-1"]
    assert desk.slugs("seat") == ["article-2"]
    assert not desk.ask("seat").degraded


def test_an_edit_replaces_and_a_removal_removes(desk: Desk) -> None:
    desk.save(article(1, title="Pay an invoice"), article(2, title="Buy seats"))
    desk.drain()
    desk.save(article(1, title="Collect a parcel"))
    desk.remove(2)
    desk.drain()

    assert desk.slugs("invoice") == desk.slugs("seats") == []
    assert desk.slugs("parcel") == ["article-1"]


def test_languages_do_not_mix(desk: Desk) -> None:
    desk.save(
        article(1, title="Refunds"),
        article(1, title="申请退款", locale="zh-Hans"),
        article(1, title="返金の申請", locale="ja"),
    )
    desk.drain()

    assert [hit.title for hit in desk.ask("退款", "zh-Hans").hits] == ["申请退款"]
    assert [hit.title for hit in desk.ask("申請", "ja").hits] == ["返金の申請"]


def test_two_characters_and_one_are_enough(desk: Desk) -> None:
    desk.save(article(1, title="增值税发票", locale="zh-Hans"), article(2, title="退款", locale="zh-Hans"))
    desk.drain()

    assert desk.slugs("税发", "zh-Hans") == ["article-1"]
    assert desk.slugs("税", "zh-Hans") == ["article-1"]
    assert desk.slugs("票", "zh-Hans") == ["article-1"]


def test_small_words_and_hiragana_are_found_as_a_phrase(desk: Desk) -> None:
    desk.save(article(1, title="Roles", headings=("Who can do what",)), article(2, title="Other"))
    desk.save(article(3, title="ご確認いただきたいこと", locale="ja"), article(4, title="ほか", locale="ja"))
    desk.drain()

    assert desk.slugs("who can do what") == ["article-1"]
    assert desk.slugs("いただきたい", "ja") == ["article-3"]


def test_a_phrase_of_small_words_is_worth_more_in_a_heading_than_in_the_text(desk: Desk) -> None:
    text = "次のようにしておくことをお勧めします。"
    desk.save(article(1, title="料金", locale="ja", body=text), article(2, title="更新", locale="ja", body=text))
    desk.save(article(3, title="期限", locale="ja", headings=("期限の前にしておくこと",), body="一覧です。"))
    desk.save(article(4, title="先にしておくこと", locale="ja"))
    desk.drain()

    assert desk.slugs("しておくこと", "ja") == ["article-4", "article-3", "article-1", "article-2"]


def test_other_languages_are_offered_when_this_one_has_little(desk: Desk) -> None:
    desk.save(article(1, title="Azure credits"), article(2, title="Azure 抵扣", locale="zh-Hans"))
    desk.drain()

    answer = desk.ask("azure")

    assert [(hit.slug, hit.locale) for hit in answer.hits] == [("article-1", "en")]
    assert [(hit.slug, hit.locale) for hit in answer.other_languages] == [("article-2", "zh-Hans")]


def test_kinds_audiences_and_categories_are_kept_apart(desk: Desk) -> None:
    desk.save(
        article(1, title="Refund rules", category="refunds"),
        article(2, title="Refund secrets", category="refunds", audience="agents"),
        article(3, title="Refund of tax", category="fapiao"),
        article(4, kind="ticket", title="Refund please", audience="customer:17"),
    )
    desk.drain()
    ours = frozenset({"customer:17"})

    assert sorted(desk.slugs("refund")) == ["article-1", "article-3"]
    assert desk.slugs("refund", categories=frozenset({"fapiao"})) == ["article-3"]
    assert "article-2" in desk.slugs("refund", audiences=frozenset({"public", "agents"}))
    assert desk.slugs("refund", kind="ticket", audiences=ours) == ["article-4"]
    assert desk.slugs("refund", kind="ticket", audiences=frozenset({"customer:18"})) == []


def test_what_is_common_in_other_peoples_documents_does_not_hide_ones_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ("whoosh", "postgres"):
        monkeypatch.setattr(f"helpdesk.search.engines.{engine}.POSTINGS_READ", 3)
    desk.save(article(1, title="Refund rules"), article(2, kind="ticket", title="Refund", audience="customer:17"))
    desk.save(*(article(n, kind="ticket", title="Refund", audience="customer:18") for n in range(3, 20)))
    desk.drain()

    assert desk.slugs("refund") == ["article-1"]
    assert desk.slugs("refund", kind="ticket", audiences=frozenset({"customer:17"})) == ["article-2"]
    theirs = desk.slugs("refund", kind="ticket", audiences=frozenset({"customer:18"}), limit=100)
    assert "article-19" in theirs


def test_an_article_that_turns_internal_is_hidden_before_the_indexer_comes(desk: Desk) -> None:
    desk.save(article(1, title="Refund rules"))
    desk.drain()

    desk.save(article(1, title="Refund rules", audience="agents"))

    assert desk.ask("refund").total == 0


def test_pages_follow_each_other(desk: Desk) -> None:
    desk.save(*(article(n, title=f"Refund {n}") for n in range(1, 26)))
    desk.drain()

    pages = [slug for offset in (0, 10, 20) for slug in desk.slugs("refund", offset=offset)]

    assert len(set(pages)) == len(pages) == desk.ask("refund").total == 25


def test_both_engines_agree_on_our_articles(tmp_path: Path, worker_name: str) -> None:
    if not os.environ.get("HELPDESK_TEST_DATABASE_URL"):
        pytest.skip("HELPDESK_TEST_DATABASE_URL names no PostgreSQL server")
    items = search_corpus.load([KB])
    rows = [json.dumps(row) for row in search_corpus.questions(items)[::3]]
    reports = []
    for name in ("whoosh", "postgres"):
        for desk in _desk(name, tmp_path / name, worker_name):
            (tmp_path / name).mkdir(exist_ok=True)
            desk.save(*(item.document for item in items))
            desk.rebuild()
            with desk.sessions() as session:
                reports.append(evaluate(session, read_cases(rows), index=desk.index))

    for key, figures in reports[0].items():
        assert abs(figures.mrr - reports[1][key].mrr) <= 0.02, key


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
def test_our_own_titles_are_found_first(locale: str, whoosh_desk: Desk) -> None:
    items = [item for item in search_corpus.load([KB]) if item.document.locale == locale]
    whoosh_desk.save(*(item.document for item in items))
    whoosh_desk.rebuild()

    wrong = [i.document.title for i in items if whoosh_desk.slugs(i.document.title, locale)[0] != i.document.slug]

    assert items
    assert wrong == []


def test_a_piece_out_of_the_middle_of_a_word_finds_the_text_that_holds_it(desk: Desk) -> None:
    desk.save(
        *(article(n, locale="ja", title="番号", body="支払の番号を変更します。") for n in range(1, 120)),
        article(200, locale="ja", title="請求の表示", body="設定ファイルの presentationMode の番号を変更します。"),
    )
    desk.drain()

    assert desk.slugs("ntationmode の番号を", locale="ja")[0] == "article-200"
    assert desk.slugs("esentation", locale="ja") == ["article-200"]


def test_a_word_that_nobody_wrote_is_read_as_a_beginning(desk: Desk) -> None:
    desk.save(
        article(1, title="Reconciliation files", body="What they hold."),
        article(2, title="返金の申請", locale="ja", body="Subscription の解約。"),
        article(3, title="別件", locale="ja"),
    )
    desk.drain()

    assert desk.slugs("reconci") == ["article-1"]
    assert desk.slugs("Subscri の", "ja") == ["article-2"]
    assert desk.slugs("zzz") == []
