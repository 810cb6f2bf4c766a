"""`helpdesk demo`: data to look at, and large queues to measure."""

from __future__ import annotations

import click
import sqlalchemy as sa

from helpdesk.clock import utc_now
from helpdesk.demo.bulk import add_tickets
from helpdesk.demo.people import sign_ins
from helpdesk.demo.services import load_demo_once
from helpdesk.extensions import db, settings
from helpdesk.search.indexer import rebuild
from helpdesk.search.jobs import get_index, lock_of


@click.group()
def demo() -> None:
    """Load demonstration data."""


@demo.command("load")
@click.option("--tickets", type=click.IntRange(0, 1_000_000), default=0, help="Add so many generated tickets.")
def load(tickets: int) -> None:
    """Load the demonstration into an empty installation; with --tickets add generated ones to it."""
    if settings().is_production:
        click.echo("The demonstration is not loaded in production.", err=True)
        raise SystemExit(1)
    loaded = load_demo_once()
    click.echo("Loaded the demonstration." if loaded else "There is data already; it was left as it is.", err=True)
    if tickets:
        made = add_tickets(db.session, tickets, now=utc_now())
        db.session.commit()
        click.echo(f"Added {made} tickets; indexing them.", err=True)
        here = settings()
        rebuild(db.sessionmaker, get_index(here), lock=lock_of(here), now=utc_now())
        db.session.execute(sa.text("ANALYZE"))  # either planner sees the new sizes
        db.session.commit()
    for line in sign_ins():
        click.echo(line, err=True)
