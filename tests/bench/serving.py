"""Serving an installation as in production, and reading what its processes use."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import requests

from helpdesk.config import ROOT
from helpdesk.demo.people import PASSWORD

AGENT: Final = "tom.becker@partner.example"
CUSTOMER: Final = "wang.fang@lanting.example"
_TICK: Final = 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, list[int]]]:
    """Two gunicorn workers over an installation: their address, and the ids of all processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base)
        yield base, [server.pid, *_children(server.pid)]
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(base: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=30)
    while datetime.now(UTC) < until:
        try:
            requests.get(f"{base}/sign-in", timeout=10)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def signed_in(visit: requests.Session, base: str, email: str) -> requests.Session:
    """Sign somebody of the demonstration in."""
    page = visit.get(f"{base}/sign-in", timeout=30).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"csrf_token": token[1] if token else "", "email": email, "password": PASSWORD}
    visit.post(f"{base}/sign-in", data=form, timeout=30)
    visit.headers["Accept-Language"] = "en"
    return visit


def cpu(pids: list[int]) -> float:
    """Milliseconds of processor that these processes have used."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) * _TICK
    return total


def pss(pid: int) -> float:
    """Memory of a process in MiB, what it shares counted by share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
