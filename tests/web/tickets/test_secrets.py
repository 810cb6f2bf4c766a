"""What never reaches a customer, or a stranger."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.files.store import local_store
from helpdesk.tickets.services import add_note, reply, resolve_ticket
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.files.samples import pdf
from tests.unit.tickets.scenes import (
    opened,
    resolved,
    slip,
)
from tests.web.tickets.forms import form_of, tickets

CANARY = "KANARIENVOGEL-7f3a"


def test_internal_notes_never_reach_the_customer(
    wang: Browse, client: FlaskClient, session: Session, cast: Cast, now: datetime
) -> None:
    files, store = slip()
    ticket = opened(session, cast.wang_fang, now)
    note = add_note(session, ticket, body=CANARY, by=cast.tom, now=now, files=files, store=store)
    reply(session, ticket, body="Our answer.", by=cast.tom, now=now)
    resolve_ticket(session, ticket, explanation="Done.", by=cast.tom, now=now)
    session.flush()

    for path in (
        "/tickets",
        f"/tickets?q={CANARY}",
        f"/tickets/{ticket.ref}",
        f"/attachments/{note.attachments[0].public_id}",
    ):
        html = client.get(path).get_data(as_text=True).replace(f'value="{CANARY}"', "").replace(f"?q={CANARY}", "")
        assert CANARY not in html, path
        assert "银行回单" not in html, path
        assert "internal" not in html.lower(), path


@pytest.mark.parametrize("who", ["sato", "li_na"])
def test_a_foreign_ticket_does_not_exist(browse: Browse, session: Session, cast: Cast, now: datetime, who: str) -> None:
    ticket = resolved(session, cast, now)
    browse.sign_in(getattr(cast, who))

    browse.get(f"/tickets/{ticket.ref}", status=404)
    for path in ("", "/solved", "/not-solved", "/rating", "/copy"):
        answer = browse.client.post(f"/tickets/{ticket.ref}{path}", data={"body": "x", "again-body": "x"})
        assert answer.status_code == 404
    browse.get("/tickets/T-9999", status=404)
    browse.get("/tickets/T-99999999999", status=404)
    browse.get("/attachments/nothing", status=404)


def test_nobody_comes_in_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    for path in (
        "/tickets",
        "/tickets/new",
        "/tickets/T-1001",
        "/attachments/x",
        "/work/queue",
        "/work/tickets/T-1001",
    ):
        assert client.get(path).status_code in {302, 401}, path


@pytest.mark.parametrize(
    ("state", "words"),
    [("condemned", "A virus was found in this file, so nobody can open it."), ("waiting", "still being checked")],
)
def test_of_a_file_that_nobody_may_open_the_page_says_why(  # noqa: PLR0917 - fixtures
    wang: Browse, session: Session, cast: Cast, app: Flask, state: str, words: str
) -> None:
    form = form_of(
        wang.get("/tickets/new?topic=question"), subject="S", body="B", files=(io.BytesIO(pdf()), "银行回单.pdf")
    )
    wang.post("/tickets/new", form)
    ticket = tickets(session)[0]
    file = ticket.messages[0].attachments[0]
    path = f"/attachments/{file.public_id}"
    assert wang.get(f"/tickets/{ticket.ref}").all("a", href=path)
    mark = local_store(app.config["HELPDESK"]).folder / state / file.sha256
    mark.parent.mkdir(exist_ok=True)
    mark.touch()

    for page in (
        wang.get(f"/tickets/{ticket.ref}"),
        Browse(app.test_client()).sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}"),
    ):
        assert words in page.text
        assert not page.all("a", href=path)
    assert words in wang.get(path, status=409).text
    mark.unlink()


def test_a_file_is_a_download_that_nothing_opens(wang: Browse, client: FlaskClient, session: Session) -> None:
    form = form_of(
        wang.get("/tickets/new?topic=question"), subject="S", body="B", files=(io.BytesIO(pdf()), "../银行回单.pdf")
    )
    wang.post("/tickets/new", form)
    file = tickets(session)[0].messages[0].attachments[0]

    answer = client.get(f"/attachments/{file.public_id}")

    assert answer.data == pdf()
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "application/pdf"
