"""Words in the page's language."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

from helpdesk.web.locale import BABEL, use_locale


@pytest.mark.parametrize(("locale", "words"), [("en", "Queue"), ("zh-Hans", "工单队列"), ("ja", "チケットキュー")])
def test_a_template_speaks_the_language_of_its_page(app: Flask, locale: str, words: str) -> None:
    with app.test_request_context():
        use_locale(locale)

        assert render_template_string("{{ _('Queue') }}") == words
        assert gettext("Queue") == words


def test_the_language_may_change_within_a_page_and_back(app: Flask) -> None:
    lazy = lazy_gettext("Queue")
    with app.test_request_context():
        use_locale("en")
        before = (gettext("Queue"), str(lazy))
        with force_locale(BABEL["ja"]):
            inside = (gettext("Queue"), str(lazy), render_template_string("{{ _('Queue') }}"))
        after = (gettext("Queue"), str(lazy), render_template_string("{{ _('Queue') }}"))
        use_locale("zh-Hans")
        later = render_template_string("{{ _('Queue') }}")

    assert (before, inside, after) == (("Queue",) * 2, ("チケットキュー",) * 3, ("Queue",) * 3)
    assert later == "工单队列"


def test_values_within_words_are_escaped_on_pages_and_not_in_plain_mails(app: Flask) -> None:
    source = "{{ _('Mail to %(name)s', name='<b>') }} {{ _('100%%') }}"
    with app.test_request_context():
        use_locale("en")

        assert render_template_string(source) == "Mail to &lt;b&gt; 100%"
        assert render_template_string("{% autoescape false %}" + source + "{% endautoescape %}") == "Mail to <b> 100%"


def test_words_out_of_any_page_are_english() -> None:
    assert gettext("Queue") == "Queue"
