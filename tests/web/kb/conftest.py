"""A knowledge base with our own articles, indexed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.extensions import db
from helpdesk.kb.folder.importing import import_folder
from helpdesk.kb.services.reading import counter

SOME = (
    "when-payment-is-due",
    "when-agents-escalate",
    "how-we-escalate-to-21vianet",
    "who-bills-you",
    "request-a-fapiao",
    "correct-a-fapiao",
    "what-a-suspension-changes",
    "invoice-amount-looks-wrong",
)


@pytest.fixture
def articles(app: Flask, session: Session, now: datetime, tmp_path: Path) -> Session:
    """Some of the shipped articles, in the database of this test."""
    for name in (*SOME, "categories.yml"):
        (tmp_path / name).symlink_to(ROOT / "kb" / name)
    with app.app_context():
        import_folder(db.session, tmp_path, now=now)
        db.session.commit()
    return session


@pytest.fixture(autouse=True)
def _no_reads_from_before(session: Session) -> Iterator[None]:
    yield
    counter.write(session)
