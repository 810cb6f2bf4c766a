"""Web and worker in one process tree, for one machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import click
from flask import Flask

from helpdesk.clock import utc_now
from helpdesk.config import ROOT, Settings
from helpdesk.demo.safety import refuse_demonstration
from helpdesk.extensions import db, migrations

_STOP_SECONDS = 8.0


def serve_everything(app: Flask, *, with_demo: bool) -> None:
    """Prepare database, articles, index and (once) demonstration data; then serve until stopped."""
    settings: Settings = app.config["HELPDESK"]
    _refuse_taken_port(settings)
    _prepare(app, with_demo=with_demo and not settings.is_production)
    refuse_demonstration(app)
    with app.app_context():
        db.engine.dispose()
    children = [_start_web(settings), _start_worker()]
    _say_where(settings, with_demo=with_demo)
    raise SystemExit(_wait(children))


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            click.echo(
                f"Port {settings.port} is taken. Stop what uses it, or choose another: HELPDESK_PORT=8001 make run",
                err=True,
            )
            raise SystemExit(1) from error


def _step(sentence: str, work: Callable[[], object]) -> None:
    begun = time.monotonic()
    click.echo(f"  {sentence} ...", err=True, nl=False)
    work()
    click.echo(f" {time.monotonic() - begun:.1f} s", err=True)


def _prepare(app: Flask, *, with_demo: bool) -> None:
    from helpdesk.demo.services import load_demo_once
    from helpdesk.search.jobs import ensure_index

    _step("Database", lambda: _migrate(app))
    _step("Articles", _import_articles)
    if with_demo:
        _step("Demonstration data", load_demo_once)
    _step("Search index", ensure_index)


def _migrate(app: Flask) -> None:
    """Migrate in a context of its own: at its end the migration's connection, and its lock, are given back."""
    with app.app_context():
        migrations.upgrade()


def _import_articles() -> None:
    from helpdesk.kb.folder.importing import import_folder

    import_folder(db.session, ROOT / "kb", now=utc_now())
    db.session.commit()


def _start_web(settings: Settings) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--chdir", str(ROOT),
        "--bind", f"{settings.host}:{settings.port}",
        "--workers", str(settings.web_workers),
        "--preload",
        "--worker-class", "gthread", "--threads", "4",
        "--graceful-timeout", "5",
        "--log-level", "warning",
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "helpdesk", "worker"], start_new_session=True)


def _say_where(settings: Settings, *, with_demo: bool) -> None:
    click.echo(f"\n  The helpdesk is open: {settings.base_url}\n", err=True)
    if with_demo and not settings.is_production:
        from helpdesk.demo.people import sign_ins

        for line in sign_ins():
            click.echo(f"    {line}", err=True)
    click.echo("\n  Mail is written to var/mail and shown in the workspace. Ctrl-C stops everything.\n", err=True)


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait for Ctrl-C, or for a child that ends by itself; then stop all of them."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    failed = not stopping
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
    click.echo(
        "Stopped." if not failed else "A part of the helpdesk ended by itself, so all of it was stopped.", err=True
    )
    return 1 if failed else 0


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return
