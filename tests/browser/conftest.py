"""A running helpdesk with its worker, and a real Chromium to use it with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from helpdesk.config import ROOT
from helpdesk.demo.people import PASSWORD
from tests.conftest import drop_database, fresh_database_url


@dataclass(frozen=True, slots=True)
class LiveHelpdesk:
    """A helpdesk of its own for the browser tests."""

    url: str
    var: Path
    environment: dict[str, str]

    def mails(self) -> list[Path]:
        """The mails that were delivered to the folder."""
        return sorted((self.var / "mail").rglob("*.eml"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, "the helpdesk ended while starting"
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the helpdesk did not become ready in 90 seconds")


@pytest.fixture(scope="session")
def live(chromium_path: str, tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[LiveHelpdesk]:
    """`helpdesk serve` on a free port, with the demonstration data, web and worker as separate processes."""
    del chromium_path
    folder = tmp_path_factory.mktemp("live")
    database_url = fresh_database_url(folder, f"live_{worker_name}")
    port = _free_port()
    environment = {
        **os.environ,
        "HELPDESK_VAR": str(folder / "var"),
        "HELPDESK_DATABASE_URL": database_url,
        "HELPDESK_PORT": str(port),
        "HELPDESK_RATE_LIMITS": "off",
        "HELPDESK_LOG_LEVEL": "WARNING",
        "HELPDESK_WEB_WORKERS": "1",
    }
    (folder / "var").mkdir()
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk", "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process)
            yield LiveHelpdesk(url=url, var=folder / "var", environment=environment)
        finally:
            process.terminate()
            process.wait(timeout=20)
    drop_database(database_url)


@dataclass(slots=True)
class Visitor:
    """One person with a browser window of her own."""

    page: Page
    context: BrowserContext
    url: str

    def goto(self, path: str) -> Page:
        """Open a page of the helpdesk."""
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in by the form."""
        self.goto("/sign-in")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page


@pytest.fixture
def visitors(live: LiveHelpdesk, chromium: Browser) -> Iterator[list[Visitor]]:
    """The windows opened in a test; they are closed, and had no script error or refused resource."""
    opened: list[Visitor] = []
    yield opened
    for visitor in opened:
        visitor.context.close()


@pytest.fixture
def visit(live: LiveHelpdesk, chromium: Browser, visitors: list[Visitor]) -> Iterator[object]:
    """Open a window: `visit()` or `visit(locale="zh-CN", width=360, dark=True, scripts=False)`."""
    troubles: list[str] = []

    def open_window(*, locale: str = "en-GB", width: int = 1280, dark: bool = False, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: (
                troubles.append(said.text) if said.type == "error" and "Content Security Policy" in said.text else None
            ),
        )
        visitor = Visitor(page=page, context=context, url=live.url)
        visitors.append(visitor)
        return visitor

    yield open_window
    assert troubles == []
