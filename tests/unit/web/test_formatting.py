"""Times as the reader writes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.clock import utc_now
from helpdesk.web.formatting import ago
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
