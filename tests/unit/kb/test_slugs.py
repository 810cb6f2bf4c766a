"""Any name becomes an address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web.slugs import slug_from


@pytest.mark.parametrize(
    ("name", "slug"),
    [("pay-now", "pay-now"), ("Azure_AD v2.0", "azure-ad-v2-0"), ("--a--", "a"), ("CSP 账单", "csp")],
)
def test_a_name_is_written_with_small_letters_and_hyphens(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@given(st.text(max_size=300))
def test_whatever_the_name_there_is_a_slug(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?", slug_from(name))


def test_names_in_other_scripts_are_told_apart() -> None:
    assert slug_from("账单") != slug_from("発票")
