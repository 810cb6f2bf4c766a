"""Times as the reader writes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.utils import urlize
from markupsafe import Markup

from helpdesk.clock import utc_now
from helpdesk.web.formatting import ago, linked, timestamp
from helpdesk.web.locale import use_locale


@pytest.mark.parametrize(("locale", "words"), [("en", "just now"), ("zh-Hans", "刚刚"), ("ja", "たった今")])
@pytest.mark.parametrize("seconds", [0, 20, 44])
def test_what_happened_within_the_minute_happened_just_now(app: Flask, locale: str, words: str, seconds: int) -> None:
    with app.test_request_context():
        use_locale(locale)

        assert ago(utc_now() - timedelta(seconds=seconds)) == words


def test_what_is_longer_ago_is_told_with_its_time(app: Flask) -> None:
    with app.test_request_context():
        use_locale("en")

        assert ago(utc_now() - timedelta(minutes=3)) == "3 minutes ago"
        assert ago(utc_now() + timedelta(hours=2, seconds=5)) == "in 2 hours"


def test_a_moment_is_told_both_ways(app: Flask) -> None:
    with app.test_request_context():
        use_locale("en")
        moment = utc_now() - timedelta(minutes=3)

        written = timestamp(moment)

    assert isinstance(written, Markup)
    assert written.startswith(f'<time datetime="{moment.isoformat(timespec="seconds")}">')
    assert written.endswith("(3 minutes ago)</span>")


PIECES = [
    "https://a.example/x?y=1&z", "HTTP://B.example", "www.c.cn", "shop.COM,", "d.info", "me@e.example", "mailto:f@g.jp",
    "http://10.0.0.1:80", "http://[::1]/", "<b>", "3.50", "Dear", "您好。", "(see", "@x", "...", "\n", "x.py",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map(" ".join))
@settings(deadline=None)  # the first example compiles
def test_addresses_in_a_message_become_links_and_all_else_is_escaped(text: str) -> None:
    assert linked(text) == urlize(text, rel="nofollow noopener")
    assert isinstance(linked(text), Markup)
