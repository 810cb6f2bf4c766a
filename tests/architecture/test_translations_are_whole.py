"""No English is left in a Chinese or Japanese page."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from tests.catalogues import LOCALES, collected, compiled, missing, po_path, read

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def source() -> Catalog:
    return collected()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated(locale: str, source: Catalog) -> None:
    assert missing(locale, source) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_the_placeholders(locale: str) -> None:
    broken = []
    for message in read(locale):
        if not message.id:
            continue
        wanted = set(_PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[-1]))
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        broken += [message.id for string in strings if set(_PLACEHOLDER.findall(string)) - wanted]

    assert broken == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_is_the_written_one(locale: str) -> None:
    assert po_path(locale).with_suffix(".mo").read_bytes() == compiled(read(locale))
