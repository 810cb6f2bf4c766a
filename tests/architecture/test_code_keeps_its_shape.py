"""Who commits, who touches what, and how long a file may grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "helpdesk"
LONGEST = 250
EDGES = {
    "views",
    "afterwards",
    "jobs",
    "commands",
    "secret_commands",
    "worker",
    "serve",
    "cli",
    "language",
    "browser",
    "delivery",
    "indexer",
    "periodic",
}
DATA = {"common_passwords.py"}


def sources() -> Iterator[tuple[Path, str]]:
    """Each module with its text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_text("utf-8")


def test_only_the_edges_commit() -> None:
    committing = {
        str(path.relative_to(PACKAGE))
        for path, text in sources()
        if re.search(r"(?<!writer)\.commit\(\)", text)
        and not EDGES & {path.stem, *path.relative_to(PACKAGE).parent.parts}
        and "demo" not in path.parts
    }

    assert committing == set()


def test_services_and_rules_know_no_flask() -> None:
    knowing = {
        str(path.relative_to(PACKAGE))
        for path, text in sources()
        if {path.stem, *path.relative_to(PACKAGE).parent.parts} & {"services", "rules"}
        and re.search(r"^\s*(from|import) flask\b(?!_babel)", text, re.MULTILINE)
    }

    assert knowing == set()


def test_rules_are_pure() -> None:
    impure = {
        str(path.relative_to(PACKAGE))
        for path, text in sources()
        if {path.stem, *path.relative_to(PACKAGE).parent.parts} & {"rules"}
        and re.search(r"utc_now|sqlalchemy\.orm|db\.session", text)
    }

    assert impure == set()


def test_current_user_is_touched_in_one_module() -> None:
    touching = {str(path.relative_to(PACKAGE)) for path, text in sources() if "current_user" in text}

    assert touching == {"web/guards.py"}


def test_no_module_grows_past_its_limit() -> None:
    long = {
        str(path.relative_to(PACKAGE)): text.count("\n")
        for path, text in sources()
        if text.count("\n") > LONGEST and path.name not in DATA
    }

    assert long == {}


def test_templates_hold_no_scripts_styles_or_queries() -> None:
    faults = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        if "mail" in path.parts:
            continue
        if re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text) or "|safe" in text.replace(" ", ""):
            faults.append(str(path.relative_to(ROOT)))

    assert faults == []


def test_nothing_is_left_to_do() -> None:
    left = {str(path.relative_to(PACKAGE)) for path, text in sources() if re.search(r"\b(TODO|FIXME|XXX)\b", text)}

    assert left == set()
