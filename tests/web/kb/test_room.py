"""The editors' room: unsaved text, merges, checks, reviews, plans, tasks, arranging, import and export."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.kb.desk_models import ArticlePattern, EditorDesk, EditorTask, PlannedChange
from helpdesk.kb.jobs import do_what_was_planned
from helpdesk.kb.models import Article, ArticleDraft, ArticleRedirect, ArticleTranslation, Category
from helpdesk.kb.services.planning import remind_owners
from helpdesk.notifications.models import OutboxMessage
from helpdesk.search.models import LoggedQuery, SynonymGroup
from helpdesk.tickets.models import Topic
from helpdesk.tickets.services import open_ticket
from helpdesk.workcalendar.services import partner_calendar
from tests.browse import Browse, Page
from tests.cast import Cast

ROOM = "/work/articles/when-payment-is-due/en"
EDIT = f"{ROOM}/edit"


def value(page: Page, name: str) -> str:
    return page.all("input", name=name)[0]["value"]


def written(page: Page, **changes: str) -> dict[str, str]:
    """What the form would send, with changes."""
    filled = {"title": "When your payment is due", "summary": "By its date.", "body": "Pay.", "tags": "due"}
    return {**filled, "base": value(page, "base"), "begun": value(page, "begun"), "action": "save", **changes}


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0abc")) + chunk(b"IEND", b"")


def test_unsaved_text_comes_back_and_can_be_dropped(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    page = browse.get(EDIT)

    said = browse.client.post(f"{ROOM}/desk", data=written(page, body="Half a numbat", dirty="yes")).get_json()

    assert said["kept"]
    again = browse.get(EDIT)
    assert "Half a numbat" in again.text
    assert "Your unsaved text is back" in again.text
    browse.post(f"{ROOM}/desk/drop")
    assert "Half a numbat" not in browse.get(EDIT).text


def test_saving_clears_what_was_unsaved(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    page = browse.get(EDIT)
    browse.client.post(f"{ROOM}/desk", data=written(page, body="Soon saved", dirty="yes"))

    browse.post(EDIT, written(page, body="Soon saved"))

    assert "Your unsaved text is back" not in browse.get(EDIT).text
    assert articles.scalars(sa.select(EditorDesk.saved_at)).all() == [None]


def test_unsaved_text_is_its_writers_alone_and_presence_is_shown(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    browse.client.post(f"{ROOM}/desk", data=written(browse.get(EDIT), body="Emmas own", dirty="yes"))

    page = browse.sign_in(cast.root).get(EDIT)

    assert "Emmas own" not in page.text
    assert "Emma Jones is here too." in page.text


def test_two_changes_of_different_places_become_one_text(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma).post(EDIT, written(browse.get(EDIT), body="One.\n\nTwo.\n"))
    begun = browse.get(EDIT)
    browse.sign_in(cast.root).post(EDIT, written(begun, body="One.\n\nTwo by Ada.\n"))

    merged = browse.sign_in(cast.emma).post(EDIT, written(begun, body="One by Emma.\n\nTwo.\n"), status=409)

    assert "Both changes are in the form now, each in its place" in merged.text
    assert "One by Emma. Two by Ada." in merged.text
    assert "Root" in merged.text or "Ada" in merged.text


def test_marks_of_a_merge_are_not_published(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)

    page = browse.post(
        EDIT, written(browse.get(EDIT), body="<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", action="publish"), status=422
    )

    assert "decide there first" in page.text


def test_checks_name_line_and_problem(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    body = "Pay.\n\n[x](../nowhere/)\n\n#### Deep\n\nAll data is deleted after 90 days.\n\n"
    body += "[y](#lost) {{ a.b }} ![](c.png)\n"

    html = browse.client.post(f"{ROOM}/check", data={"title": "Due", "body": body}).get_data(as_text=True)

    for words in ("nowhere, which is not there", "level 4", "says 90 where", "#lost", "a.b", "no words for those"):
        assert words in html
    assert 'data-line="3"' in html


def test_a_picture_is_looked_at_and_needs_words(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    send = {"Accept": "application/json"}

    def post(name: str, data: bytes, alt: str) -> dict[str, str]:
        form = {"picture": (io.BytesIO(data), name), "alt": alt}
        answer = browse.client.post(f"{ROOM}/pictures", data=form, headers=send)
        return dict(answer.get_json())

    assert "cannot see it" in post("a.png", png(), " ")["error"]
    assert "error" in post("a.png", b"<svg onload=alert(1)>", "x")
    assert "error" in post("a.svg", b"<svg/>", "x")
    markdown = post("A b.png", png(), "A dot")["markdown"]
    name = markdown.partition("(")[2].rstrip(")")
    assert markdown.startswith("![A dot](a-b-")
    assert browse.client.get(f"/articles/when-payment-is-due/images/{name}").data == png()
    assert name in browse.get(EDIT).text


def test_links_are_found_by_title(browse: Browse, articles: Session, cast: Cast) -> None:
    found = browse.sign_in(cast.emma).client.get("/work/articles/links?q=fapiao&tongue=en").get_json()["links"]

    assert {one["slug"] for one in found} == {"correct-a-fapiao", "request-a-fapiao"}
    assert found[0]["places"]


def test_a_review_is_sent_back_and_then_approved(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.mei)
    browse.post(EDIT, written(browse.get(EDIT), action="submit", body="By a lead."))
    browse.sign_in(cast.emma)

    silent = browse.post(f"{ROOM}/send-back", {"body": " "})
    back = browse.post(f"{ROOM}/send-back", {"body": "Name the date."})

    assert "Write what should be changed" in silent.text
    assert "Sent back" in back.text
    assert articles.scalars(sa.select(ArticleDraft.submitted_at)).one() is None
    browse.sign_in(cast.mei)
    browse.post(f"{ROOM}/approve", status=403)
    browse.post(EDIT, written(browse.get(EDIT), action="submit", body="By a lead, on Friday."))
    browse.sign_in(cast.emma).post(f"{ROOM}/approve")
    assert "on Friday" in browse.get("/en/articles/when-payment-is-due").text
    kinds = articles.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["article_review", "article_review"]


def test_a_planned_publication_happens_with_the_text_of_then(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    browse.post(EDIT, written(browse.get(EDIT), body="Planned words."))

    late = browse.post(f"{ROOM}/plan/publish", {"due": "2020-01-01T10:00"})
    browse.post(f"{ROOM}/plan/publish", {"due": "2099-01-01T10:00"})
    browse.post(EDIT, written(browse.get(EDIT), body="Later words."))
    planned = articles.scalars(sa.select(PlannedChange)).one()
    do_what_was_planned(articles, planned.due_at + timedelta(minutes=1))
    articles.commit()

    assert "still to come" in late.text
    assert "Planned words." in browse.get("/en/articles/when-payment-is-due").text
    assert "Later words." in browse.get(EDIT).text


def test_a_planned_end_takes_away(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma).post(f"{ROOM}/plan/unpublish", {"due": "2099-01-01T10:00"})
    planned = articles.scalars(sa.select(PlannedChange)).one()

    do_what_was_planned(articles, planned.due_at)
    articles.commit()

    assert browse.sign_out().client.get("/en/articles/when-payment-is-due").get_data(as_text=True).count("lang=") > 0
    assert "Archived" in browse.sign_in(cast.emma).get(EDIT).text


def test_owners_are_reminded_once_a_date(articles: Session, cast: Cast) -> None:
    article = articles.scalars(sa.select(Article).where(Article.slug == "who-bills-you")).one()
    now = utc_now()
    article.owner_id, article.review_by = cast.emma.id, now.date()

    remind_owners(articles, today=now.date(), now=now)
    remind_owners(articles, today=now.date() + timedelta(days=1), now=now)

    mail = articles.scalars(sa.select(OutboxMessage)).one()
    assert mail.kind == "article_review_due"
    assert mail.payload["path"] == "/work/articles/who-bills-you/en/edit"


def test_articles_that_nobody_answers_for_are_asked_of_every_editor_in_one_mail(articles: Session, cast: Cast) -> None:
    now = utc_now()
    articles.execute(sa.update(Article).values(review_by=None))
    gone = cast.tom
    gone.disabled_at = now
    names = ["who-bills-you", "request-a-fapiao", "correct-a-fapiao"]
    for slug in names:
        article = articles.scalars(sa.select(Article).where(Article.slug == slug)).one()
        article.owner_id, article.review_by = gone.id if slug == names[0] else None, now.date()

    remind_owners(articles, today=now.date(), now=now)

    mail = articles.scalars(sa.select(OutboxMessage)).one()
    assert mail.recipient_id == cast.emma.id
    assert {one["path"].split("/")[3] for one in mail.payload["articles"]} == set(names)
    assert mail.payload["path"] == "/work/articles/?show=review_due"


def test_a_gap_becomes_a_task_and_an_article(browse: Browse, articles: Session, cast: Cast) -> None:
    articles.add(LoggedQuery(text="paying in yen", locale="en", is_public=True, results=0, at=utc_now()))
    articles.commit()
    browse.sign_in(cast.emma)
    gap = {"kind": "no_result", "title": "paying in yen", "locale": "en", "evidence": "paying in yen"}
    browse.get("/work/articles/insights")
    browse.post("/work/articles/tasks", gap)

    task = articles.scalars(sa.select(EditorTask)).one()
    assert "Is a task" in browse.get("/work/articles/insights").text
    new = browse.get(f"/work/articles/new?task={task.id}")
    assert value(new, "title") == "paying in yen"
    assert "What readers asked" in new.text
    browse.post(f"/work/articles/tasks/{task.id}/take")
    done = browse.post(f"/work/articles/tasks/{task.id}/done")
    assert "Nothing to write" in done.text


def test_a_search_brings_the_tickets_that_followed_it(browse: Browse, articles: Session, cast: Cast) -> None:
    now = utc_now()
    articles.add(LoggedQuery(text="paying in yen", locale="en", is_public=True, results=0, at=now))
    ticket = open_ticket(
        articles,
        by=cast.wang_fang,
        topic=Topic.QUESTION,
        subject="Yen?",
        body="May we pay in yen?",
        now=now,
        calendar=partner_calendar("Asia/Shanghai"),
        idempotency_key="yen",
        origin_query="Paying in yen",
    )
    articles.commit()

    page = browse.sign_in(cast.emma).get("/work/articles/insights")
    kept = {field["value"] for field in page.all("input", name="evidence")}
    assert {"paying in yen", ticket.ref} <= kept
    gap = {"kind": "no_result", "title": "paying in yen", "locale": "en", "evidence": ["paying in yen", ticket.ref]}
    browse.post("/work/articles/tasks", gap)
    task = articles.scalars(sa.select(EditorTask)).one()

    assert f"- paying in yen - {ticket.ref}" in browse.get(f"/work/articles/new?task={task.id}").text


def test_owner_products_and_topics_are_kept(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma).post(
        f"{ROOM}/details",
        {
            "slug": "when-payment-is-due",
            "audience": "public",
            "category": "due-dates",
            "owner": str(cast.emma.id),
            "products": "Microsoft 365，Azure",
            "topics": "due date, late",
        },
    )

    article = articles.scalars(sa.select(Article).where(Article.slug == "when-payment-is-due")).one()
    articles.refresh(article)
    assert (article.owner_id, article.products) == (cast.emma.id, ["Microsoft 365", "Azure"])
    assert article.topics == ["due date", "late"]


def test_revisions_stand_side_by_side(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma).post(EDIT, written(browse.get(EDIT), action="publish", body="Another text."))

    page = browse.get(f"{ROOM}/revisions?view=split")

    assert page.all("table", class_="diff-split")
    assert page.all("ins")


@pytest.mark.parametrize("who", ["anonymous", "customer", "agent"])
def test_preview_as_somebody_else(browse: Browse, articles: Session, cast: Cast, who: str) -> None:
    page = browse.sign_in(cast.emma).get(
        f"/work/articles/when-agents-escalate/zh-Hans/as?who={who}&width=phone&light=dark"
    )

    assert ("This reader does not see the article" in page.text) == (who != "agent")


def test_categories_redirects_templates_and_synonyms_are_arranged(
    browse: Browse, articles: Session, cast: Cast
) -> None:
    browse.sign_in(cast.emma)
    arrange = "/work/articles/arrange"

    browse.post(f"{arrange}/categories", {"slug": "yen", "name-en": "Yen", "name-ja": "円", "position": "3"})
    browse.post(f"{arrange}/redirects", {"slug": "old-due", "to": "when-payment-is-due"})
    browse.post(f"{arrange}/templates", {"name": "Notice", "locale": "en", "body": "Short."})
    browse.post(f"{arrange}/synonyms", {"words": "yen, 円, 日元"})
    few = browse.post(f"{arrange}/synonyms", {"words": "alone"}, status=422)

    assert articles.scalars(sa.select(Category.names).where(Category.slug == "yen")).one()["ja"] == "円"
    assert "due" in browse.get("/en/articles/old-due").text
    assert ["yen", "円", "日元"] in articles.scalars(sa.select(SynonymGroup.words)).all()
    assert "at least two words" in few.text
    number = articles.scalars(sa.select(ArticlePattern.id).where(ArticlePattern.name == "Notice")).one()
    assert "Short." in browse.get(f"/work/articles/new?pattern={number}").text
    for kind, row in (("categories", Category), ("redirects", ArticleRedirect), ("templates", ArticlePattern)):
        last = articles.scalars(sa.select(sa.func.max(row.id))).one()
        browse.post(f"{arrange}/{kind}", {"id": str(last), "action": "drop"})
    assert articles.scalars(sa.select(Category.id).where(Category.slug == "yen")).all() == []
    used = articles.scalars(sa.select(Category.id).where(Category.slug == "due-dates")).one()
    kept = browse.post(f"{arrange}/categories", {"id": str(used), "action": "drop"}, status=422)
    assert "move them first" in kept.text


@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("redirects", {"slug": "old-page", "to": "no-such-article"}, "There is no article at that address."),
        ("categories", {"slug": "fapiao", "name-en": "Fapiao again"}, "address"),
        ("templates", {"name": "Empty one", "locale": "en", "body": ""}, "text"),
        ("synonyms", {"words": "alone"}, "at least two words"),
    ],
)
def test_what_was_typed_stays_when_arranging_is_refused(  # noqa: PLR0917 - fixtures
    browse: Browse, articles: Session, cast: Cast, part: str, typed: dict[str, str], sentence: str
) -> None:
    page = browse.sign_in(cast.emma).post(f"/work/articles/arrange/{part}", typed, status=422)

    assert sentence in page.text
    kept = {field["value"] for field in page.all("input") if "value" in field}
    assert {words for name, words in typed.items() if name not in {"locale", "body"}} <= kept
    assert "Arrange" in browse.get(f"/work/articles/arrange/{part}").text


def test_the_matrix_names_articles_in_the_editors_language_and_finds_them_in_each(
    browse: Browse, articles: Session, cast: Cast
) -> None:
    cast.emma.locale = "zh-Hans"
    articles.commit()
    titles = dict(
        articles.execute(
            sa.select(ArticleTranslation.locale, ArticleTranslation.title)
            .join(Article)
            .where(Article.slug == "request-a-fapiao")
        ).all()
    )

    page = browse.sign_in(cast.emma).get(f"/work/articles/?q={titles['ja']}")

    assert titles["zh-Hans"] in page.text
    assert titles["en"] not in page.text
    assert page.all("a", class_="row-title", href="/work/articles/request-a-fapiao/zh-Hans/edit")


def test_who_reviews_a_draft_sees_what_it_changes(browse: Browse, articles: Session, cast: Cast) -> None:
    page = browse.sign_in(cast.mei).get(EDIT)
    browse.post(EDIT, written(page, body="Pay like a wombat.", action="submit"))

    page = browse.sign_in(cast.emma).get(EDIT)

    assert "What this draft changes for readers" in page.text
    assert page.all("ins")


def test_a_zip_goes_out_and_comes_in_after_a_look(browse: Browse, articles: Session, cast: Cast) -> None:
    browse.sign_in(cast.emma)
    data = browse.client.get("/work/articles/export.zip").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("who-bills-you/en.md").decode()
        assert "categories.yml" in archive.namelist()
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr("kb/who-bills-you/en.md", text + "\nA changed line.\n")
        archive.writestr("kb/brand-new/en.md", "---\ntitle: Brand new\n---\n\nNew.\n")
        archive.writestr("../../evil/en.md", "---\ntitle: Evil\n---\n\nNo.\n")

    look = browse.post("/work/articles/import", {"articles": (io.BytesIO(changed.getvalue()), "kb.zip")})

    assert "brand-new" in look.text
    assert "Would change" in look.text
    browse.get("/en/articles/brand-new", status=404)
    browse.post("/work/articles/import/confirm")
    assert "New." in browse.get("/en/articles/brand-new").text
    assert "A changed line." in browse.get("/en/articles/who-bills-you").text
    refused = browse.post("/work/articles/import", {"articles": (io.BytesIO(b"no"), "kb.zip")}, status=422)
    assert "Choose a zip file" in refused.text


@pytest.mark.parametrize("name", ["wang_fang", "tom"])
def test_the_room_is_for_editors(browse: Browse, articles: Session, cast: Cast, name: str) -> None:
    browse.sign_in(getattr(cast, name))
    for path in ("tasks", "arrange", "import", "export.zip", "links", "when-payment-is-due/en/as"):
        assert browse.client.get(f"/work/articles/{path}").status_code == 403
    for path in ("desk", "check", "pictures", "approve", "plan/publish"):
        assert browse.client.post(f"{ROOM}/{path}").status_code == 403


def test_what_the_form_carries_is_what_writing_began_with(browse: Browse, articles: Session, cast: Cast) -> None:
    begun = json.loads(value(browse.sign_in(cast.emma).get(EDIT), "begun"))

    assert begun["title"] == "When your payment is due"


def test_chosen_articles_get_one_review_date_and_are_sorted_by_it(
    browse: Browse, articles: Session, cast: Cast
) -> None:
    browse.sign_in(cast.emma)
    nothing = browse.post("/work/articles/review-dates", {"slug": "who-bills-you"})

    done = browse.post("/work/articles/review-dates", {"slug": "who-bills-you", "review_by": "2020-02-03"})

    assert "Choose a date first." in nothing.text
    assert "1 article has the new date." in done.text
    listed = [one["value"] for one in browse.get("/work/articles/?sort=review").all("input", name="slug")]
    assert listed[0] == "who-bills-you"
    assert "Review due" in browse.get("/work/articles/?show=review_due&sort=changed").text
