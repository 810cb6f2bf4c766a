"""Every kind of mail, in every language: headers, both bodies, links that work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

import pytest
from flask import Flask
from jinja2 import meta, nodes

from helpdesk.config import ROOT
from helpdesk.extensions import settings
from helpdesk.notifications.mime import Heads, Thread, compose
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.web.locale import LOCALES
from tests.browse import Page

FOLDER = ROOT / "templates" / "mail"
KINDS = sorted({path.stem for path in FOLDER.glob("*.*") if path.stem != "layout" and not path.stem.endswith("parts")})
SHARED = {"recipient", "partner", "locale", "may_reply", "unsubscribe"}
pytestmark = pytest.mark.usefixtures("in_app")


class Anything(str):
    """A value that passes for a text, a moment, a number, an amount, a row or a list of rows."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """Look like a moment."""
        return super().__new__(cls, "2026-11-24T02:00:00+00:00")

    def __int__(self) -> int:
        """Count as three."""
        return 3

    def __getattr__(self, name: str) -> Anything:
        """Have every property, except those of Python itself."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> str:
        """Have every entry; a slice is of the text."""
        return super().__getitem__(key) if isinstance(key, slice) else Anything()

    def __iter__(self) -> Iterator[str]:
        """Be two things."""
        return iter([Anything(), Anything()])


def names_asked(app: Flask, name: str) -> set[str]:
    """What a template and those that it extends or includes ask of the payload."""
    environment = app.jinja_env
    assert environment.loader is not None
    tree = environment.parse(environment.loader.get_source(environment, name)[0])
    asked = meta.find_undeclared_variables(tree) - set(environment.globals) - {"absolute"}
    parents = [found.template for found in tree.find_all(nodes.Extends)]
    for parent in parents + [found.template for found in tree.find_all(nodes.Include)]:
        if isinstance(parent, nodes.Const):
            asked |= names_asked(app, parent.value)
    return asked - SHARED


def filled(app: Flask, kind: str, locale: str) -> Rendered:
    """The mail of that kind with anything for its values."""
    parts = [names_asked(app, f"mail/{kind}.{part}") for part in ("subject", "text", "html")]
    message = OutboxMessage(
        kind=kind,
        recipient_name="王芳",
        locale=locale,
        time_zone="Asia/Shanghai",
        payload={name: Anything() for name in set().union(*parts)},
    )
    return render(message, address="wang.fang@lanting.example")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_subject_a_text_and_html(kind: str) -> None:
    assert {path.suffix for path in FOLDER.glob(f"{kind}.*")} == {".subject", ".text", ".html"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_reads_well_in_each_language(app: Flask, kind: str, locale: str) -> None:
    rendered = filled(app, kind, locale)

    page = Page(rendered.html)
    assert page.problems == []
    assert page.all("html")[0]["lang"] == locale
    assert not page.all("table") + page.all("script") + page.all("img")
    assert 0 < len(rendered.subject) < 250
    assert not re.search(r"&(amp|lt|gt|#39|#34);|<[a-z/]|%\(|\{\{", rendered.text + rendered.subject)
    assert "\n\n\n" not in rendered.text


def test_each_sentence_at_the_foot_of_a_text_stands_on_its_own_line(app: Flask) -> None:
    foot = filled(app, "ticket_due", "en").text.partition("——")[2].splitlines()

    starts = ("Lanhe Cloud", "http://", "Please answer", "Questions by mail: ", "No more mails")
    assert [line for line in foot if line and not line.startswith(starts)] == []
    assert sum(line.startswith("Questions by mail: ") for line in foot) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_says_in_one_heading_what_it_is_about_and_shows_no_bare_addresses(app: Flask, kind: str) -> None:
    html = filled(app, kind, "en").html

    sheet = html.partition('class="sheet"')[2].partition('class="quiet" style="color:#5a6672;font-size:13px')[0]
    assert len(Page(html).all("h1")) == 1
    assert f">{settings().base_url}" not in sheet


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_a_mail_leads_here_and_stands_in_the_text_too(app: Flask, kind: str) -> None:
    rendered = filled(app, kind, "en")

    links = {link["href"] for link in Page(rendered.html).all("a")}
    assert links
    assert {link for link in links if not link.startswith((f"{settings().base_url}/", "mailto:"))} == set()
    assert {link for link in links if link not in rendered.text and not link.startswith("mailto:")} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_carries_the_headers_that_thread_it_and_stop_auto_replies(
    app: Flask, kind: str, now: datetime
) -> None:
    mail = read_again(compose(filled(app, kind, "ja"), heads(now)))

    assert (mail["Message-ID"], mail["In-Reply-To"]) == ("<c@partner.example>", "<b@partner.example>")
    assert mail["References"] == "<a@partner.example> <b@partner.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "ja"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def read_again(mail: EmailMessage) -> EmailMessage:
    """The mail as its recipient's program reads it."""
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def heads(now: datetime) -> Heads:
    """Headers of the third mail of a thread."""
    return Heads(
        sender_name="Lanhe Cloud",
        sender_address="billing@partner.example",
        recipient_name="王芳",
        recipient_address="wang.fang@lanting.example",
        message_id="<c@partner.example>",
        locale="ja",
        at=now,
        thread=Thread(first="<a@partner.example>", previous="<b@partner.example>"),
    )


def test_dates_are_written_in_the_recipients_zone_and_markup_of_a_person_stays_text(app: Flask) -> None:
    environment = OutboxMessage(
        kind="password_changed",
        recipient_name="<b>Tom</b> & Co",
        locale="en",
        time_zone="America/New_York",
        payload={"at": "2026-11-24T02:00:00+00:00", "url": "/account"},
    )

    rendered = render(environment, address="tom@partner.example")

    assert "Nov 23, 2026 9:00 PM (GMT-05:00)" in rendered.text
    assert "Hello <b>Tom</b> & Co," in rendered.text
    assert "&lt;b&gt;Tom&lt;/b&gt; &amp; Co" in rendered.html


def test_a_mail_in_a_language_or_zone_that_is_unknown_is_written_all_the_same(app: Flask) -> None:
    message = OutboxMessage(
        kind="password_changed",
        recipient_name="Tom",
        locale="xx",
        time_zone="Mars/Olympus",
        payload={"at": "2026-11-24T02:00:00+00:00", "url": "/account"},
    )

    assert "10:00 AM (GMT+08:00)" in render(message, address="tom@partner.example").text


def test_the_layouts_stand_in_the_mail_folder() -> None:
    assert [Path(FOLDER, name).is_file() for name in ("layout.text", "layout.html", "parts.html")] == [True] * 3
