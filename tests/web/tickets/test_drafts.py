"""What was typed and not sent is kept, with its files, whatever happens meanwhile."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.files.store import local_store
from helpdesk.tickets.models import Attachment, Draft, SuggestionOpened
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import opened
from tests.web.tickets.forms import form_of, tickets


def drafts(session: Session) -> list[Draft]:
    session.expire_all()
    return list(session.scalars(sa.select(Draft).order_by(Draft.id)))


def kept_files(page: Page) -> list[str]:
    return [box["value"] for box in page.all("input", name="kept_file")]


def test_a_new_ticket_is_kept_for_later_and_sent_then(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Half a thought", body="", save_draft="1")
    page = wang.post("/tickets/new", form | {"files": (io.BytesIO(pdf()), "slip.pdf")})
    assert "Half a thought" in page.text
    link = next(each["href"] for each in page.all("a", class_="row-title") if "draft=" in each["href"])

    page = wang.get(link)
    assert [field["value"] for field in page.all("input", name="subject")] == ["Half a thought"]
    page = wang.post("/tickets/new", form_of(page, subject="Whole", body="Words", kept_file=kept_files(page)))

    assert "We have your ticket T-1001" in page.text
    assert "slip.pdf" in page.text
    assert drafts(session) == []
    assert len(session.scalars(sa.select(Attachment)).all()) == 1


def test_good_files_of_a_refused_form_are_sent_later_without_choosing_again(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="", body="Words")
    page = wang.post("/tickets/new", form | {"files": (io.BytesIO(pdf()), "slip.pdf")})

    page = wang.post("/tickets/new", form_of(page, subject="Now", body="Words", kept_file=kept_files(page)))

    assert "slip.pdf" in page.text
    assert [ticket.subject for ticket in tickets(session)] == ["Now"]


def test_a_file_that_still_waits_for_the_virus_scanner_keeps_no_ticket_back(
    wang: Browse, session: Session, app: Flask
) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="", body="Words")
    page = wang.post("/tickets/new", form | {"files": (io.BytesIO(pdf()), "slip.pdf")})
    mark = local_store(app.config["HELPDESK"]).folder / "waiting" / hashlib.sha256(pdf()).hexdigest()
    mark.parent.mkdir(exist_ok=True)
    mark.touch()

    page = wang.post("/tickets/new", form_of(page, subject="Now", body="Words", kept_file=kept_files(page)))

    mark.unlink()
    assert "We have your ticket" in page.text
    assert [file.filename for file in tickets(session)[0].messages[0].attachments] == ["slip.pdf"]


def test_a_file_that_is_unticked_is_not_sent(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="", body="Words")
    page = wang.post("/tickets/new", form | {"files": (io.BytesIO(pdf()), "slip.pdf")})

    wang.post("/tickets/new", form_of(page, subject="Now", body="Words"))

    assert session.scalars(sa.select(Attachment)).all() == []


def test_a_lost_session_loses_no_words(wang: Browse, session: Session, cast: Cast, client: FlaskClient) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Long words")
    wang.sign_out()

    page = wang.post("/tickets/new", form, status=401)

    assert "Your text is kept" in page.text or "您的内容已保留" in page.text
    assert tickets(session) == []
    assert [(draft.user_id, draft.fields["body"]) for draft in drafts(session)] == [(cast.wang_fang.id, "Long words")]


def test_a_form_with_a_lost_session_and_a_bent_word_keeps_nothing(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Long words")
    wang.sign_out()

    wang.client.post("/tickets/new", data=form | {"draft": form["draft"][:-2] + "xx"})

    assert drafts(session) == []


def test_an_expired_form_is_kept_too(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Long words")
    wang.client.application.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = wang.client.post("/tickets/new", data=form | {"csrf_token": "old"})
        bare = wang.client.post("/tickets/new", data={"csrf_token": "old"})
    finally:
        wang.client.application.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 401
    assert bare.status_code == 400
    assert [draft.fields["subject"] for draft in drafts(session)] == ["Mine"]


def test_typing_is_kept_by_itself(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="W")

    answer = wang.client.post("/tickets/drafts", data=form)
    wang.client.post("/tickets/drafts", data=form | {"body": "Words"})

    assert re.search(r"\d:\d\d", answer.get_json()["saved"])
    assert [draft.fields["body"] for draft in drafts(session)] == ["Words"]


def test_a_late_autosave_does_not_bring_a_sent_ticket_back(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words")
    wang.post("/tickets/new", form)

    assert wang.client.post("/tickets/drafts", data=form).status_code == 409
    assert drafts(session) == []


def test_who_comes_back_to_the_form_is_led_to_what_was_typed(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words")
    wang.client.post("/tickets/drafts", data=form)

    page = wang.get("/tickets/new?topic=question")

    [draft] = drafts(session)
    assert f"/tickets/new?draft={draft.public_id}" in [link.get("href") for link in page.all("a")]
    assert "Begun and not sent" not in wang.get(f"/tickets/new?draft={draft.public_id}").text


def test_nobody_writes_into_anothers_draft(wang: Browse, session: Session, cast: Cast) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words")
    wang.client.post("/tickets/drafts", data=form)
    draft = drafts(session)[0]
    wang.sign_in(cast.sato)

    assert wang.client.post("/tickets/drafts", data=form | {"body": "Not hers"}).status_code == 409
    assert wang.client.post(f"/tickets/drafts/{draft.public_id}/discard").status_code == 404
    assert "Mine" not in wang.client.get(f"/tickets/new?topic=question&draft={draft.public_id}").get_data(as_text=True)
    assert drafts(session)[0].fields["body"] == "Words"


def test_a_draft_is_thrown_away(wang: Browse, session: Session) -> None:
    wang.client.post("/tickets/drafts", data=form_of(wang.get("/tickets/new?topic=question"), body="Words"))

    wang.post(f"/tickets/drafts/{drafts(session)[0].public_id}/discard")

    assert drafts(session) == []


def test_a_reply_waits_where_it_was_written(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path = f"/tickets/{ticket.ref}"
    wang.post(path, form_of(wang.get(path), body="Half", save_draft="1"))

    page = wang.get(path)
    assert "Half" in page.text
    wang.post(path, form_of(page, body="Whole"))

    assert drafts(session) == []
    assert [message.body for message in ticket.messages][-1] == "Whole"


def test_an_agents_reply_and_note_are_kept_apart(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path = f"/work/tickets/{ticket.ref}"
    tokens = [field["value"] for field in tom.get(path).all("input", name="draft")]
    tom.client.post("/tickets/drafts", data={"draft": tokens[0], "reply-body": "To her"})
    tom.client.post("/tickets/drafts", data={"draft": tokens[1], "note-body": "To us"})

    page = tom.get(path)

    assert "To her" in page.text
    assert "To us" in page.text
    assert "To us" not in tom.sign_in(cast.mei).get(path).text


def test_an_opened_suggestion_counts_until_the_ticket_is_sent(wang: Browse, session: Session) -> None:
    form = form_of(wang.get("/tickets/new?topic=question"), subject="Mine", body="Words")
    said = {"key": form["key"], "article": "/en/articles/when-payment-is-due", "asked": "due"}
    for data in (said, said, said | {"article": "/elsewhere"}):
        assert wang.client.post("/tickets/suggestion-opened", data=data).status_code == 204
    rows = session.scalars(sa.select(SuggestionOpened)).all()
    assert [(row.article, row.sent_at) for row in rows] == [("when-payment-is-due", None)]

    wang.post("/tickets/new", form)

    session.expire_all()
    assert session.scalars(sa.select(SuggestionOpened.sent_at)).one() is not None
