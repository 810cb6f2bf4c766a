"""The shelves in `categories.yml` and in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from helpdesk.kb.models import Category


def import_categories(session: Session, folder: Path) -> int:
    """Make the shelves of `categories.yml`, and change those that differ; how many were made or changed."""
    path = folder / "categories.yml"
    if not path.is_file():
        return 0
    known = {category.slug: category for category in session.scalars(sa.select(Category))}
    changed = 0
    for position, entry in enumerate(yaml.safe_load(path.read_text("utf-8")) or []):
        parent, moved = _shelf(session, known, entry, position=position, parent=None)
        changed += moved
        for place, child in enumerate(entry.get("children", [])):
            changed += _shelf(session, known, child, position=place, parent=parent)[1]
    return changed


def _shelf(
    session: Session, known: dict[str, Category], entry: dict[str, Any], *, position: int, parent: Category | None
) -> tuple[Category, bool]:
    values = {
        "position": position,
        "icon": entry.get("icon") or (parent.icon if parent else "folder"),
        "names": dict(entry["names"]),
        "parent_id": parent.id if parent else None,
    }
    shelf = known.get(entry["slug"])
    if shelf is not None and all(getattr(shelf, name) == value for name, value in values.items()):
        return shelf, False
    if shelf is None:
        shelf = known[entry["slug"]] = Category(slug=entry["slug"])
        session.add(shelf)
    for name, value in values.items():
        setattr(shelf, name, value)
    session.flush()
    return shelf, True
