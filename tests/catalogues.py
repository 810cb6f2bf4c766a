"""Collect every text of the product and keep the catalogues whole: `make translations`."""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import helpdesk
from helpdesk.errors import DomainError

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("zh_Hans_CN", "ja")
_METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.text", "jinja2"),
    ("**.subject", "jinja2"),
    ("**.xml", "jinja2"),
]
_OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false", "extensions": "jinja2.ext.i18n"}
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "_n": (1, 2),
    "lazy_ngettext": (1, 2),
}


def po_path(locale: str) -> Path:
    """Where a language's catalogue lies."""
    return ROOT / "helpdesk" / "translations" / locale / "LC_MESSAGES" / "messages.po"


def refusals() -> Iterator[str]:
    """The sentence of every `DomainError` there is."""
    for module in pkgutil.walk_packages(helpdesk.__path__, "helpdesk."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    pending = [DomainError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if kind.__module__.startswith("helpdesk."):
            yield " ".join((kind.__doc__ or "").split())


def collected() -> Catalog:
    """All texts in the source, as a catalogue without translations."""
    catalog = Catalog(project="helpdesk", charset="utf-8")
    for folder in ("helpdesk", "templates"):
        for name, line, message, comments, context in extract_from_dir(
            str(ROOT / folder), _METHODS, {pattern: _OPTIONS["**.html"] for pattern, _ in _METHODS[1:]}, _KEYWORDS
        ):
            catalog.add(message, locations=[(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    for sentence in refusals():
        catalog.add(sentence, locations=[("helpdesk/errors.py", 1)])
    return catalog


def read(locale: str) -> Catalog:
    """A language's catalogue, empty if there is none yet."""
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def missing(locale: str, source: Catalog) -> list[str]:
    """Texts of `source` without a whole translation in `locale`."""
    catalog = read(locale)
    found = []
    for message in source:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        known = catalog.get(key)
        parts = () if known is None else (known.string,) if isinstance(known.string, str) else known.string
        if known is None or known.fuzzy or not parts or not all(parts):
            found.append(key)
    return found


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update(extra: dict[str, tuple[str, str]] | None = None) -> dict[str, list[str]]:
    """Bring the catalogues up to date with the source; gives what is still missing by language."""
    source = collected()
    gaps = {}
    for position, locale in enumerate(LOCALES):
        catalog = read(locale)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            key = message.id if isinstance(message.id, str) else (message.id or ("",))[0]
            if not key or not extra or key not in extra:
                continue
            translated = extra[key][position]
            message.string = translated if isinstance(message.id, str) else (translated,)
        catalog.revision_date = catalog.creation_date = datetime(2026, 11, 24, tzinfo=UTC)
        path = po_path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(read(locale)))
        gaps[locale] = missing(locale, source)
    return gaps


def main() -> int:
    """Update, and say what is missing."""
    gaps = update()
    for locale, texts in gaps.items():
        for text in texts:
            print(f"{locale}: {text!r}")
    return 1 if any(gaps.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
