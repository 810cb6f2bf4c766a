"""Editors write, compare, publish and bring back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleDraft, ArticleRevision, ArticleTranslation
from helpdesk.search.models import LoggedQuery
from tests.browse import Browse, Page
from tests.cast import Cast

EDIT = "/work/articles/when-payment-is-due/en/edit"


def base(page: Page) -> str:
    return page.all("input", name="base")[0]["value"]


def written(page: Page, **changes: str) -> dict[str, str]:
    """What the form would send, with changes."""
    filled = {
        "title": "When your payment is due",
        "summary": "By its date.",
        "body": "Pay by **Friday**.",
        "tags": "due, late",
    }
    return {**filled, "base": base(page), "action": "save", **changes}


def test_the_matrix_shows_every_article_and_filters(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    everything = browse.get("/work/articles/")
    some = browse.get("/work/articles/?q=fapiao")
    none = browse.get("/work/articles/?show=stale")

    assert len(everything.all("tr")) == 9
    assert len(some.all("tr")) == 3
    assert "No article stands like this" in none.text


@pytest.mark.parametrize("name", ["wang_fang", "tom"])
def test_only_editors_come_in(browse: Browse, articles: Session, cast: Cast, name: str) -> None:
    browse.sign_in(getattr(cast, name)).get(EDIT, status=403)


def test_a_published_change_is_read_found_and_a_revision(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    page = browse.get(EDIT)

    done = browse.post(EDIT, written(page, action="publish", body="Pay by **Michaelmas**.", note="Clearer"))

    assert "Published." in done.text
    assert "Michaelmas" in browse.get("/en/articles/when-payment-is-due").text
    assert browse.get("/search?q=Michaelmas").all("a", href="/en/articles/when-payment-is-due")
    assert "Clearer" in browse.get("/work/articles/when-payment-is-due/en/revisions").text


def test_a_draft_is_kept_and_readers_do_not_see_it(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    browse.post(EDIT, written(browse.get(EDIT), body="Half a thought"))

    assert "Half a thought" in browse.get(EDIT).text
    assert "Half a thought" not in browse.get("/en/articles/when-payment-is-due").text
    browse.post("/work/articles/when-payment-is-due/en/discard")
    assert "Half a thought" not in browse.get(EDIT).text


def test_two_editors_at_once_lose_nothing(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    begun = browse.get(EDIT)
    browse.sign_in(cast.root).post(EDIT, written(begun, action="publish", body="The text of Ada."))

    conflict = browse.sign_in(cast.emma).post(EDIT, written(begun, body="The text of Emma."), status=409)

    assert "The text of Emma." in conflict.text
    assert "Ada" in conflict.text
    assert "Nothing was lost" in conflict.text
    browse.post(EDIT, written(conflict, body="The text of both."))
    assert "The text of both." in browse.get(EDIT).text


def test_a_lead_hands_in_and_cannot_publish(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.mei)

    browse.post(EDIT, written(browse.get(EDIT), action="publish", body="By a lead."))
    browse.post(EDIT, written(browse.get(EDIT), action="submit", body="By a lead."))

    assert "By a lead." not in browse.get("/en/articles/when-payment-is-due").text
    assert articles.scalars(sa.select(ArticleDraft)).one().submitted_at is not None
    assert "In review" in browse.get("/work/articles/").text


def test_the_preview_is_the_page_and_harmless(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    path = "/work/articles/when-payment-is-due/en/preview"

    html = browse.client.post(
        path, data={"title": "T", "body": "**b** <script>x</script> {{ limits.reopen_days }}"}
    ).get_data(as_text=True)

    assert "<strong>b</strong>" in html
    assert "<script" not in html
    assert "14" in html


def test_without_scripts_there_is_a_preview_button(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    page = browse.post(EDIT, written(browse.get(EDIT), action="preview", body="Not *saved* yet"))

    assert page.all("em")
    assert articles.scalars(sa.select(ArticleDraft)).all() == []


def test_an_empty_title_is_refused_in_words_and_the_text_kept(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    page = browse.post(EDIT, written(browse.get(EDIT), title="", body="Long work"), status=422)

    assert "Give the article a title." in page.text
    assert "Long work" in page.text


def test_a_new_article_from_nothing_to_readers(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    new = {
        "title": "Paying in yen",
        "slug": "paying-in-yen",
        "locale": "en",
        "audience": "public",
        "category": "due-dates",
    }
    browse.get("/work/articles/new?title=Paying&locale=ja")
    taken = browse.post("/work/articles/new", {**new, "slug": "when-payment-is-due"})

    page = browse.post("/work/articles/new", {**new, "body": "You cannot."})
    browse.get("/en/articles/paying-in-yen", status=404)
    path = "/work/articles/paying-in-yen/en/edit"
    browse.post(path, written(page, title="Paying in yen", body="You cannot.", action="publish"))

    assert "already an article" in taken.text
    assert "You cannot." in browse.get("/en/articles/paying-in-yen").text


def test_a_missing_translation_is_written_beside_its_source(browse: Browse, articles: Session, cast: Cast) -> None:
    number = articles.scalars(
        sa.select(ArticleTranslation.id)
        .join(Article)
        .where(Article.slug == "who-bills-you", ArticleTranslation.locale == "ja")
    ).one()
    articles.execute(sa.delete(ArticleRevision).where(ArticleRevision.translation_id == number))
    articles.execute(sa.delete(ArticleTranslation).where(ArticleTranslation.id == number))
    articles.commit()
    browse.sign_in(cast.emma)
    path = "/work/articles/who-bills-you/ja/edit"

    page = browse.get(path)
    browse.post(path, written(page, title="請求元", body="当社です。", action="publish", follows_source="y"))

    assert "Not translated yet" in page.text
    assert "当社です。" in browse.get("/ja/articles/who-bills-you").text


def test_a_stale_translation_shows_what_its_source_changed(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    browse.post(EDIT, written(browse.get(EDIT), action="publish", body="Pay by the Ides of March."))

    japanese = browse.get("/work/articles/when-payment-is-due/ja/edit")
    assert "changed after this was translated" in japanese.text
    assert japanese.all("ins")
    assert "Source changed" in browse.get("/work/articles/?show=stale").text


def test_an_earlier_revision_comes_back(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    browse.post(EDIT, written(browse.get(EDIT), action="publish", body="A mistake."))

    browse.post("/work/articles/when-payment-is-due/en/revisions/1/restore")

    assert "A mistake." not in browse.get("/en/articles/when-payment-is-due").text
    assert (
        len(
            articles.scalars(
                sa.select(ArticleRevision.number)
                .join(ArticleRevision.translation)
                .join(ArticleTranslation.article)
                .where(Article.slug == "when-payment-is-due", ArticleTranslation.locale == "en")
            ).all()
        )
        == 3
    )


def test_an_archived_language_is_gone_until_it_is_published_again(
    browse: Browse, articles: Session, cast: Cast
) -> None:
    browse.sign_in(cast.emma)

    browse.post("/work/articles/when-payment-is-due/ja/archive")

    assert "English" in browse.get("/ja/articles/when-payment-is-due").text
    assert "Archived" in browse.get("/work/articles/when-payment-is-due/ja/edit").text


def test_address_and_readers_change_for_all_languages(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    browse.post(
        "/work/articles/when-payment-is-due/en/details",
        {"slug": "due-dates-of-bills", "audience": "customers", "category": "due-dates", "review_by": "2027-01-01"},
    )

    browse.sign_out().get("/en/articles/due-dates-of-bills", status=404)
    browse.sign_in(cast.wang_fang).get("/zh-Hans/articles/when-payment-is-due")


def test_insights_lead_to_a_new_article(browse: Browse, articles: Session, cast: Cast) -> None:
    from helpdesk.clock import utc_now

    articles.add(LoggedQuery(text="日元付款", locale="zh-Hans", is_public=True, results=0, at=utc_now()))
    articles.commit()
    browse.post(
        "/en/articles/when-payment-is-due/feedback", {"helpful": "no", "reason": "wrong", "comment": "Not my date"}
    )
    browse.sign_in(cast.emma)

    page = browse.get("/work/articles/insights")

    assert "日元付款" in page.text
    assert "Not my date" in page.text
    assert (
        "日元付款"
        in browse.get("/work/articles/new?title=日元付款&locale=zh-Hans").all("input", name="title")[0]["value"]
    )
