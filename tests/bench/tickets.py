"""Pages of tickets at 1,000, 10,000 and 100,000: `python -m tests.bench.tickets [sizes...]`.

Each size is loaded by `helpdesk demo load` into an installation of its own, on SQLite and, where
HELPDESK_TEST_DATABASE_URL names a server, on PostgreSQL; two gunicorn workers answer. Printed a page: p50 and p95 of
200 requests one after another, processor time a request (web and database together), statements, and at the end the
memory that is the workers' own (PSS). With HELPDESK_BENCH_FOLDER the installations are kept and used again.
"""

from __future__ import annotations

import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import requests
import sqlalchemy as sa

from helpdesk.app import create_app
from helpdesk.clock import utc_now
from helpdesk.config import ROOT, Settings
from helpdesk.db import writing
from helpdesk.extensions import db
from helpdesk.tickets.models import MessageKind, Ticket, TicketMessage, TicketState
from helpdesk.tickets.queries.keyset import Key
from tests.bench.serving import AGENT, CUSTOMER, cpu, pss, served, signed_in
from tests.web.tickets.statements import Statements

SIZES: Final = (1_000, 10_000, 100_000)
REQUESTS: Final = 200
_DEEP_ROWS: Final = 999 * 50
_NEW: Final = "/tickets/new?topic=question"


@dataclass(frozen=True, slots=True)
class Place:
    """An installation to measure."""

    name: str
    environment: dict[str, str]
    settings: Settings


def main(*sizes: int) -> None:
    """Print a table an installation."""
    wanted = sizes or SIZES
    with tempfile.TemporaryDirectory() as forgotten:
        folder = Path(os.environ.get("HELPDESK_BENCH_FOLDER", forgotten))
        for engine in ("sqlite", "postgresql") if os.environ.get("HELPDESK_TEST_DATABASE_URL") else ("sqlite",):
            for size in wanted:
                with _loaded(folder, engine, size) as place:
                    _measure(place, size)


@contextmanager
def _loaded(folder: Path, engine: str, size: int) -> Iterator[Place]:
    here = folder / f"{engine}-{size}"
    url = f"sqlite:///{here / 'helpdesk.db'}" if engine == "sqlite" else _postgres_url(size)
    environment = {
        **os.environ,
        "HELPDESK_VAR": str(here),
        "HELPDESK_DATABASE_URL": url,
        "HELPDESK_LOG_LEVEL": "ERROR",
        "HELPDESK_RATE_LIMITS": "off",
        "PYTHONPATH": str(ROOT),
    }
    if not (here / "loaded").exists():
        here.mkdir(parents=True, exist_ok=True)
        _fresh(url)
        begun = time.monotonic()
        for command in (["db", "upgrade"], ["demo", "load", "--tickets", str(size)], ["kb", "import", "kb"]):
            done = subprocess.run(
                [sys.executable, "-m", "helpdesk", *command],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                check=False,
            )
            if done.returncode:
                raise SystemExit(done.stderr.decode())
        print(f"{engine}: {size:,} tickets loaded and indexed in {time.monotonic() - begun:.0f} s", flush=True)
        (here / "loaded").touch()
    yield Place(
        f"{engine}, {size:,} tickets",
        environment,
        Settings(var=here, database_url=url, log_level="ERROR", rate_limits="off"),
    )
    if "HELPDESK_BENCH_FOLDER" not in os.environ:
        _fresh(url, again=False)


def _postgres_url(size: int) -> str:
    name = f"bench_tickets_{size}"
    return (
        sa.make_url(os.environ["HELPDESK_TEST_DATABASE_URL"]).set(database=name).render_as_string(hide_password=False)
    )


def _fresh(url: str, *, again: bool = True) -> None:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return
    server = parsed.set(drivername="postgresql+psycopg", database="postgres")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)')
        if again:
            connection.exec_driver_sql(
                f'CREATE DATABASE "{parsed.database}" TEMPLATE template0 '
                "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            )
    engine.dispose()


def _measure(place: Place, size: int) -> None:
    app = create_app(place.settings, TESTING=True)
    with app.app_context():
        pages = _pages(size)
        backends = db.engine.dialect.name == "postgresql"
        with served(place.environment) as (base, pids):
            visit = signed_in(requests.Session(), base, AGENT)
            print(f"{place.name}; memory at start {sum(pss(pid) for pid in pids):.0f} MiB", flush=True)
            for name, path in pages.items():
                who = visit if path.startswith("/work/") else requests.Session()
                count = Context().run(_statements, app, who, path)  # a request of its own, outside of this session
                _print(name, _timed(partial(_read, who, f"{base}{path}"), pids, postgres=backends), count)
            asks = signed_in(requests.Session(), base, CUSTOMER)
            count = Context().run(_statements, app, asks, _NEW, _question(asks, base))
            _print("create a ticket", _timed(partial(_ask, asks, base), pids, postgres=backends), count)
            memory = sum(pss(pid) for pid in pids)
            print(f"  memory of {len(pids)} processes after it: {memory:.0f} MiB", flush=True)
        db.engine.dispose()


def _pages(size: int) -> dict[str, str]:
    pages = {
        "queue, first page": "/work/queue?view=all",
        "queue by clock": "/work/queue?view=all&sort=clock",
        "queue by priority": "/work/queue?view=all&sort=priority",
        "filtered queue": "/work/queue?view=all&state=open&topic=refund&locale=zh-Hans",
        "filtered by tag": "/work/queue?view=all&tag=proration",
        "search, a reference": f"/work/queue?view=all&q=T-{1500}",
        "search, English": "/work/queue?view=all&q=seats+cancelled+refund",
        "search, Chinese": "/work/queue?view=all&q=%E5%A4%9A%E4%B9%B0%E7%9A%84%E5%B8%AD%E4%BD%8D",
        "ticket, 10 messages": f"/work/tickets/T-{_ticket_with(10, 1)}",
        "ticket, 50 messages": f"/work/tickets/T-{_ticket_with(50, 0)}",
        "article": "/en/articles/understand-your-invoice",
    }
    if size > _DEEP_ROWS:
        pages["queue, page 1,000"] = f"/work/queue?view=all&after={_deep_key()}"
    return pages


def _ticket_with(messages: int, which: int) -> int:
    """A ticket that is talked about a lot; its messages are added once."""
    with writing(), db.sessionmaker.begin() as session:
        tickets = sa.select(Ticket).where(Ticket.state == TicketState.OPEN).order_by(Ticket.id).offset(which).limit(1)
        ticket = session.scalars(tickets).first()
        if ticket is None:
            raise SystemExit("no open ticket")
        for number in range(len(ticket.messages), messages):
            message = TicketMessage(
                ticket_id=ticket.id,
                author_id=ticket.requester_id,
                kind=MessageKind.PUBLIC,
                body=f"Message {number}: the amount is still not the one that was agreed.",
                created_at=utc_now(),
            )
            session.add(message)
        return ticket.number


def _deep_key() -> str:
    with db.sessionmaker() as session:
        last = session.execute(
            sa.select(Ticket.updated_at, Ticket.id)
            .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
            .offset(_DEEP_ROWS - 1)
            .limit(1)
        ).one()
    return str(Key(0, last.updated_at, last.id))


@dataclass(frozen=True, slots=True)
class Figures:
    """Of many requests for one page."""

    p50: float
    p95: float
    cpu: float


def _timed(visit: Callable[[], None], pids: list[int], *, postgres: bool) -> Figures:
    for _ in range(10):
        visit()
    watched = pids + (_backends() if postgres else [])
    before, spent = cpu(watched), []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        visit()
        spent.append((time.perf_counter() - begun) * 1000)
    used = (cpu(watched) - before) / REQUESTS
    return Figures(statistics.median(spent), statistics.quantiles(spent, n=20)[-1], used)


def _read(visit: requests.Session, url: str) -> None:
    answer = visit.get(url, timeout=60, allow_redirects=False)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}")


def _question(visit: requests.Session, base: str) -> dict[str, str]:
    page = visit.get(f"{base}{_NEW}", timeout=60).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    words = {"subject": "The amount for seats", "body": "Why is it more than agreed? Please explain every line."}
    return {"csrf_token": token[1] if token else "", "topic": "question", "key": secrets.token_hex(16), **words}


_asked: dict[str, str] = {}


def _ask(visit: requests.Session, base: str) -> None:
    """Send a form that was read once, each time with a key of its own."""
    if not _asked:
        _asked.update(_question(visit, base))
    answer = visit.post(
        f"{base}{_NEW}", data=_asked | {"key": secrets.token_hex(16)}, timeout=60, allow_redirects=False
    )
    if answer.status_code != 302:
        raise SystemExit(f"{_NEW} answered {answer.status_code}")


def _backends() -> list[int]:
    """PostgreSQL's processes that serve this database."""
    with db.engine.connect() as connection:
        found = connection.scalars(sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"))
        return [pid for pid in found if Path(f"/proc/{pid}/stat").exists()]


def _statements(app: object, visit: requests.Session, path: str, form: dict[str, str] | None = None) -> int:
    """How many statements the page (or sending `form` to it) needs, asked of the same installation in this process."""
    client = app.test_client()  # type: ignore[attr-defined]
    for cookie in visit.cookies:
        client.set_cookie(cookie.name, cookie.value or "")
    client.get(path)
    with Statements(app) as statements:  # type: ignore[arg-type]
        if form is None:
            client.get(path)
        else:
            client.post(path, data=form)
    return len(statements.sent)


def _print(name: str, figures: Figures, statements: int) -> None:
    print(
        f"  {name:<22} p50 {figures.p50:6.1f} ms  p95 {figures.p95:6.1f} ms  "
        f"processor {figures.cpu:6.1f} ms  {statements:>2} statements",
        flush=True,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
