"""A person's own notifications."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.notifications.jobs import send_digests
from helpdesk.notifications.models import NotificationChoice, OutboxMessage, OutboxState, Way
from helpdesk.notifications.services import choose_way, queue_mail
from helpdesk.notifications.table import TABLE
from helpdesk.notifications.unsubscribing import unsubscribe_url
from tests.browse import Browse
from tests.cast import Cast


def put(session: Session, cast: Cast, now: datetime, *, kind: str = "ticket_assigned", key: str = "1") -> OutboxMessage:
    """Tell Tom of a ticket."""
    payload = {"ref": "T-1001", "subject": "Why 26.61?", "customer": "Lanting", "topic": "question", "by": "Mei"}
    payload |= {"path": "/tickets/T-1001", "work_path": "/work/tickets/T-1001", "priority": "normal"}
    return queue_mail(
        session,
        kind=kind,
        recipient=cast.tom,
        subject_type="ticket",
        subject_id=1,
        group_key="ticket:1",
        dedupe_key=key,
        payload=payload | {"answer_due_at": now.isoformat(), "at": now.isoformat(), "url": "/account"},
        now=now,
    )


def test_the_table_names_every_kind_of_mail_once() -> None:
    kinds = {path.stem for path in (ROOT / "templates/mail").glob("*.subject")}

    assert [notice.kind for notice in TABLE if notice.kind not in kinds] == []
    assert kinds - {notice.kind for notice in TABLE} == set()
    assert len({notice.kind for notice in TABLE}) == len(TABLE)


def test_a_person_reads_only_their_own_notifications(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    cast.wang_fang.locale = "en"
    put(session, cast, now)

    page = browse.sign_in(cast.tom).get("/notifications")
    assert "/work/tickets/T-1001" in {link.get("href") for link in page.all("a")}
    assert "Notifications (1)" in page.text
    browse.post("/notifications/read")
    assert "Notifications (1)" not in browse.get("/notifications").text
    assert "Nothing yet" in browse.sign_in(cast.wang_fang).get("/notifications").text


def test_what_is_chosen_counts_for_the_next_message_but_never_for_the_essential(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    cast.wang_fang.locale = "en"
    session.flush()
    data = {"ticket_assigned": "portal", "password_changed": "portal", "ticket_reopened": "nonsense"}
    browse.sign_in(cast.tom).post("/notifications/choices", data)

    states = [put(session, cast, now, kind=kind, key=kind).state for kind in ("ticket_assigned", "password_changed")]

    assert states == [OutboxState.PORTAL_ONLY, OutboxState.QUEUED]
    assert "In one mail a day" in browse.get("/notifications/choices").text
    assert "In one mail a day" not in browse.sign_in(cast.wang_fang).get("/notifications/choices").text


def test_a_mail_is_stopped_from_its_foot_without_signing_in(
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    message = put(session, cast, now)
    with app.app_context():
        path = unsubscribe_url(message).removeprefix("http://localhost")

    assert "Stop these mails" in browse.get(path).text
    assert session.scalars(select(NotificationChoice)).all() == []
    assert "Done." in browse.post(path, {"List-Unsubscribe": "One-Click"}).text
    choice = session.scalars(select(NotificationChoice)).one()
    assert (choice.user_id, choice.kind, choice.way) == (cast.tom.id, "ticket_assigned", Way.PORTAL)
    browse.get(f"{path[:-2]}xx", status=404)


def test_the_summary_of_the_day_goes_out_once(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    choose_way(session, user_id=cast.tom.id, kind="ticket_assigned", way=Way.DIGEST, now=now)
    for key in ("1", "2"):
        put(session, cast, now, key=key)

    with app.app_context():
        assert (send_digests(session, now), send_digests(session, now)) == (1, 0)

    digest = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest")).one()
    assert [entry["path"] for entry in digest.payload["entries"]] == ["/work/tickets/T-1001"] * 2


def test_the_summary_of_the_day_cannot_be_part_of_itself(browse: Browse, session: Session, cast: Cast) -> None:
    browse.sign_in(cast.tom).post("/notifications/choices", {"digest": "digest", "ticket_due": "digest"})

    kinds = session.scalars(select(NotificationChoice.kind).where(NotificationChoice.way == Way.DIGEST)).all()
    assert list(kinds) == ["ticket_due"]


def test_only_an_administrator_sees_the_whole_table(browse: Browse, cast: Cast) -> None:
    assert "A ticket has arrived" in browse.sign_in(cast.root).get("/work/administration/notifications").text
    browse.sign_in(cast.tom).get("/work/administration/notifications", status=403)


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.root.locale = locale
    browse.sign_in(cast.root)

    for path in ("/notifications", "/notifications/choices", "/work/administration/notifications", "/work/incoming"):
        browse.get(path)
