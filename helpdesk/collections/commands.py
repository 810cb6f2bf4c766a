"""The console's `policy` commands."""

from __future__ import annotations

import json
from datetime import datetime

import click

from helpdesk.clock import utc_now
from helpdesk.collections.models import StageKind
from helpdesk.collections.services import publish_policy, settle_paid
from helpdesk.extensions import db, settings
from helpdesk.money import Money


@click.group()
def policy() -> None:
    """Publish the collections policy and end settled notices."""


@policy.command("publish")
@click.option("--effective-from", type=click.DateTime(["%Y-%m-%d"]), help="The day from which it holds; today.")
@click.option("--reminder", type=int, default=3, show_default=True, help="Days after the due date.")
@click.option("--second-reminder", type=int, default=10, show_default=True)
@click.option("--final-notice", type=int, default=20, show_default=True)
@click.option("--suspension", type=int, default=30, show_default=True)
@click.option("--minimum", default="0", show_default=True, help="The smallest overdue amount that starts a stage, CNY.")
def publish(
    effective_from: datetime | None,
    *,
    reminder: int,
    second_reminder: int,
    final_notice: int,
    suspension: int,
    minimum: str,
) -> None:
    """Publish the next version with the product's text in three languages."""
    now = utc_now()
    days = {
        StageKind.REMINDER: reminder,
        StageKind.SECOND_REMINDER: second_reminder,
        StageKind.FINAL_NOTICE: final_notice,
        StageKind.SUSPENSION: suspension,
    }
    published = publish_policy(
        db.session,
        effective_from=effective_from.date() if effective_from else now.date(),
        now=now,
        days=days,
        minimum=Money.parse(minimum),
        partner_name=settings().partner_name,
    )
    db.session.commit()
    answer = {"version": published.version, "effective_from": published.effective_from.isoformat()}
    click.echo(json.dumps(answer))


@policy.command("settle")
def settle() -> None:
    """End every notice whose invoices are paid."""
    ended = settle_paid(db.session, now=utc_now())
    db.session.commit()
    click.echo(json.dumps({"settled": len(ended)}))
