"""Readers read, find, judge and ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.extensions import db
from helpdesk.kb.folder.pictures import keep_picture
from helpdesk.kb.models import Article, ArticleFeedback, ArticleRedirect, ArticleTranslation, Status
from helpdesk.kb.services.reading import counter
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.indexer import drain
from helpdesk.search.models import LoggedQuery
from tests.browse import Browse
from tests.cast import Cast

BROWSER = {"User-Agent": "Mozilla/5.0 Firefox/140.0"}


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SELECTs of a block."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
def test_from_the_shelves_to_an_article(browse: Browse, articles: Session, locale: str) -> None:
    shelves = browse.get(f"/{locale}/articles/")
    shelf = browse.get(f"/{locale}/categories/payments")
    article = browse.get(f"/{locale}/articles/when-payment-is-due")

    assert shelves.all("a", href=f"/{locale}/categories/due-dates")
    assert shelf.all("a", href=f"/{locale}/articles/when-payment-is-due")
    assert article.all("html", lang=locale)
    assert len(article.all("link", rel="alternate")) == 4
    assert article.all("link", rel="canonical", href=f"http://localhost/{locale}/articles/when-payment-is-due")
    assert article.all("a", href="/tickets/new?article=when-payment-is-due")
    assert "30" in article.text


def test_an_article_costs_few_statements(app: Flask, client: FlaskClient, articles: Session) -> None:
    client.get("/en/articles/when-payment-is-due")

    with statements(app) as seen:
        client.get("/en/articles/when-payment-is-due")

    assert len(seen) <= 4


def test_articles_for_staff_do_not_exist_for_others(browse: Browse, articles: Session, cast: Cast) -> None:
    path = "/en/articles/when-agents-escalate"

    browse.get(path, status=404)
    browse.sign_in(cast.wang_fang).get(path, status=404)
    browse.sign_in(cast.tom).get(path)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_published_does_not_exist(browse: Browse, articles: Session, status: Status) -> None:
    articles.execute(sa.update(ArticleTranslation).values(status=status))

    browse.get("/en/articles/when-payment-is-due", status=404)


def test_an_article_that_lacks_the_language_says_so(browse: Browse, articles: Session) -> None:
    articles.execute(sa.update(ArticleTranslation).where(ArticleTranslation.locale == "ja").values(status=Status.DRAFT))

    page = browse.get("/ja/articles/when-payment-is-due")

    assert page.all("div", class_="article-words", lang="en") or page.all("div", lang="en")
    assert "English" in page.text
    assert page.all("link", rel="canonical", href="http://localhost/en/articles/when-payment-is-due")


def test_old_addresses_lead_on(client: FlaskClient, articles: Session) -> None:
    number = articles.scalars(sa.select(Article.id).where(Article.slug == "when-payment-is-due")).one()
    articles.add(ArticleRedirect(slug="due-date", article_id=number))
    articles.commit()

    assert client.get("/ja/articles/due-date").headers["Location"] == "/ja/articles/when-payment-is-due"
    assert client.get("/ja/articles/due-date").status_code == 301
    assert (
        client.get("/articles/due-date", headers={"Accept-Language": "ja"}).headers["Location"]
        == "/ja/articles/due-date"
    )


def test_an_unchanged_article_is_not_sent_again(client: FlaskClient, articles: Session) -> None:
    first = client.get("/en/articles/when-payment-is-due")
    again = client.get("/en/articles/when-payment-is-due", headers={"If-None-Match": first.headers["ETag"]})
    articles.execute(sa.update(ArticleTranslation).values(version=99))
    changed = client.get("/en/articles/when-payment-is-due", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_a_machine_without_cookies_is_told_not_modified_and_a_browser_that_forgot_is_not(
    app: Flask, articles: Session
) -> None:
    stranger = app.test_client(use_cookies=False)
    tag = stranger.get("/en/articles/when-payment-is-due").headers["ETag"]

    machine = stranger.get("/en/articles/when-payment-is-due", headers={"If-None-Match": tag})
    browser = stranger.get(
        "/en/articles/when-payment-is-due", headers={"If-None-Match": tag, "Sec-Fetch-Mode": "navigate"}
    )

    assert (machine.status_code, browser.status_code) == (304, 200)


def test_a_page_for_one_person_is_not_kept(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.wang_fang)

    response = browse.client.get("/en/articles/when-payment-is-due")

    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_a_verdict_with_its_reason(browse: Browse, articles: Session) -> None:
    path = "/en/articles/when-payment-is-due"
    asked = browse.post(f"{path}/feedback", {"helpful": "no"})
    told = browse.post(f"{path}/feedback", {"helpful": "no", "reason": "unclear", "comment": "Which date?"})

    row = articles.scalars(sa.select(ArticleFeedback)).one()
    assert asked.all("input", name="reason", value="unclear")
    assert "Thank you" in told.text
    assert (row.helpful, row.reason, row.comment) == (False, "unclear", "Which date?")


def test_a_verdict_that_is_too_long_keeps_what_was_typed(browse: Browse, articles: Session) -> None:
    page = browse.post(
        "/en/articles/when-payment-is-due/feedback", {"helpful": "no", "comment": "x" * 1001}, status=422
    )

    assert "x" * 1001 in page.text


def test_reads_of_people_count_and_others_do_not(browse: Browse, articles: Session, cast: Cast) -> None:
    path = "/en/articles/when-payment-is-due"
    counter.write(articles)

    for headers in (BROWSER, BROWSER, {"User-Agent": "Googlebot"}, {**BROWSER, "Sec-Purpose": "prefetch"}):
        browse.client.get(path, headers=headers).close()
    browse.sign_in(cast.tom).client.get(path, headers={"User-Agent": "Mozilla/5.0 Staff"}).close()

    counter.write(articles)
    rows = articles.execute(sa.text("SELECT SUM(reads) FROM article_reads")).scalar_one()
    assert rows == 1


def test_a_search_is_answered_highlighted_and_remembered(browse: Browse, articles: Session) -> None:
    response = browse.client.get("/search?q=payment due", headers=BROWSER)
    page = browse.get("/search?q=payment due")
    response.close()

    row = articles.scalars(sa.select(LoggedQuery)).one()
    assert page.all("mark")
    assert page.all("a", href="/en/articles/when-payment-is-due")
    assert (row.text, row.locale) == ("payment due", "en")


def test_opening_a_result_is_remembered(browse: Browse, articles: Session) -> None:
    browse.client.get("/search?q=payment due", headers=BROWSER).close()
    browse.client.get(
        "/en/articles/when-payment-is-due", headers={**BROWSER, "Referer": "http://localhost/search?q=payment+due"}
    ).close()

    row = articles.scalars(sa.select(LoggedQuery)).one()
    articles.refresh(row)
    assert (
        row.clicked_object_id
        == articles.scalars(sa.select(Article.id).where(Article.slug == "when-payment-is-due")).one()
    )


def test_a_search_without_result_offers_a_ticket_with_the_words(browse: Browse, articles: Session) -> None:
    page = browse.get("/search?q=zzqqxx")

    assert page.all("a", href="/tickets/new?q=zzqqxx")
    assert "zzqqxx" in page.text


def test_a_misspelt_search_is_corrected_and_can_be_insisted_on(
    app: Flask, browse: Browse, articles: Session, tmp_path: Path
) -> None:
    with app.app_context():
        drain(db.sessionmaker, DatabaseIndex(), lock=tmp_path / "lock")

    page = browse.get("/search?q=suspensoin")

    assert "Showing results for" in page.text
    assert page.all("a", href="/search?q=suspensoin&exact=1")


def test_a_search_may_stay_on_one_shelf(browse: Browse, articles: Session) -> None:
    page = browse.get("/search?q=invoice&category=suspension")

    assert page.all("a", href="/search?q=invoice&category=suspension", aria_current="true")


@pytest.mark.parametrize(
    "query", ["t:[a TO z]", "*a*", "title:x", "'\"", "%00", "a" * 10_000, "　", "😀", "<script>alert(1)</script>"]
)
def test_odd_searches_are_answered(browse: Browse, articles: Session, query: str) -> None:
    page = browse.client.get("/search", query_string={"q": query})

    assert page.status_code == 200
    assert "<script>alert" not in page.get_data(as_text=True)


def test_suggestions_come_as_data_and_respect_who_asks(browse: Browse, articles: Session, cast: Cast) -> None:
    def titles() -> list[str]:
        answer = browse.client.get("/suggest?q=escal", headers={"Accept-Language": "en"}).get_json()
        return [one["url"] for one in answer["suggestions"]]

    stranger = titles()
    browse.sign_in(cast.tom)

    assert "/en/articles/how-we-escalate-to-21vianet" in stranger
    assert "/en/articles/when-agents-escalate" not in stranger
    assert "/en/articles/when-agents-escalate" in titles()


def test_machines_find_feed_map_and_rules(client: FlaskClient, articles: Session) -> None:
    feed = client.get("/ja/articles/feed.xml")
    sitemap = client.get("/sitemap.xml").get_data(as_text=True)
    robots = client.get("/robots.txt").get_data(as_text=True)

    assert feed.content_type.startswith("application/atom+xml")
    assert client.get("/ja/articles/feed.xml", headers={"If-None-Match": feed.headers["ETag"]}).status_code == 304
    assert "<loc>http://localhost/zh-Hans/articles/when-payment-is-due</loc>" in sitemap
    assert "when-agents-escalate" not in sitemap + feed.get_data(as_text=True)
    assert "Sitemap: http://localhost/sitemap.xml" in robots


def test_a_picture_is_shown_to_those_who_may_read_its_article(browse: Browse, articles: Session, cast: Cast) -> None:
    number = articles.scalars(sa.select(Article.id).where(Article.slug == "when-agents-escalate")).one()
    keep_picture(articles, number, "screen.png", b"\x89PNG\r\n\x1a\nrest", None)
    articles.commit()
    path = "/articles/when-agents-escalate/images/screen.png"

    assert browse.client.get(path).status_code == 404
    shown = browse.sign_in(cast.tom).client.get(path)
    assert (shown.status_code, shown.content_type) == (200, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
