"""The server that pretends to be Partner Center and its sign-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.partner_center.pretender import Pretender, pretending


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pretender]:
    with pretending(tmp_path_factory.mktemp("pretender")) as pretender:
        yield pretender


@pytest.fixture
def there(server: Pretender) -> Pretender:
    """The server, its memory fresh."""
    server.status, server.version, server.tokens, server.life = "active", 1, 0, "3600"
    server.faults, server.seen, server.waits = [], [], []
    server.refusal, server.elsewhere = {}, ""
    return server
