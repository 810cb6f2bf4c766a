"""The front door."""

from __future__ import annotations

from tests.browse import Browse
from tests.cast import Cast


def test_a_stranger_can_search_and_is_asked_to_sign_in_for_a_ticket(browse: Browse) -> None:
    page = browse.get("/")

    assert "What about your bill can we help with?" in page.text
    assert page.all("a", href="/sign-in?next=/tickets/new")


def test_the_home_page_speaks_the_language_of_the_reader(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.wang_fang).get("/")

    assert page.all("html")[0]["lang"] == "zh-Hans"


def test_a_strangers_browser_chooses_the_language(browse: Browse) -> None:
    page = browse.get("/", headers={"Accept-Language": "ja-JP,ja;q=0.9,en;q=0.5"})

    assert page.all("html")[0]["lang"] == "ja"


def test_the_chosen_language_is_kept(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.tom).post("/language", {"locale": "ja", "next": "/"})

    assert browse.get("/").all("html")[0]["lang"] == "ja"


def test_the_language_choice_leads_back_into_the_house_only(browse: Browse) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = browse.client.post("/language", data={"locale": "ja", "next": elsewhere})

        assert answer.headers["Location"] == "/"
