"""The page on security names tests that exist."""

from __future__ import annotations

import re

from helpdesk.config import ROOT


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:unit|web|security|architecture|browser)/[\w/]*test_\w+\.py)(?:::(\w+))?`", page)
    missing = []
    for path, name in named:
        file = ROOT / "tests" / path
        if not file.is_file() or (name and f"def {name}(" not in file.read_text(encoding="utf-8")):
            missing.append(f"{path}::{name}")

    assert len(named) > 80
    assert missing == []
