"""A knowledge base with our own articles, indexed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.extensions import settings
from helpdesk.kb.folder.importing import import_folder
from helpdesk.kb.services.reading import counter


@pytest.fixture
def articles(app: Flask, session: Session, now: datetime) -> Session:
    """Some of the shipped articles, in the database of this test."""
    with app.app_context():
        assert settings()
        import_folder(session, ROOT / "kb", now=now)
        session.commit()
    return session


@pytest.fixture(autouse=True)
def _no_reads_from_before(session: Session) -> Iterator[None]:
    yield
    counter.write(session)
