"""What the pages' tests share."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.browse import Browse
from tests.cast import Cast

CANARY = "KANARIENVOGEL-7f3a"


@pytest.fixture
def wang(browse: Browse, session: Session, cast: Cast) -> Browse:
    """The site as Wang Fang uses it, in English for the sake of the reader."""
    cast.wang_fang.locale = "en"
    session.flush()
    return browse.sign_in(cast.wang_fang)


@pytest.fixture
def tom(browse: Browse, cast: Cast) -> Browse:
    """The site as Tom uses it."""
    return browse.sign_in(cast.tom)
