"""Articles name the partner, so these tests play inside the application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _inside_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
