"""The console's `policy` commands. One JSON object on standard output, messages on standard error."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

import click

from helpdesk.clock import utc_now
from helpdesk.collections.models import CollectionsPolicy, StageKind
from helpdesk.collections.rules.policies import DEFAULT_DAYS, shipped_stages
from helpdesk.collections.services import publish_policy, settle_paid, terms_of
from helpdesk.extensions import db, settings
from helpdesk.money import Money

MINIMUM: Final = "50"
"""The smallest overdue amount that starts a stage in the policy that is offered."""


@click.group()
def policy() -> None:
    """Publish the collections policy, and end notices that are paid."""


@policy.command("publish")
@click.option("--effective-from", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day it takes effect.")
@click.option("--reminder", type=int, default=DEFAULT_DAYS[StageKind.REMINDER], show_default=True)
@click.option("--second-reminder", type=int, default=DEFAULT_DAYS[StageKind.SECOND_REMINDER], show_default=True)
@click.option("--final-notice", type=int, default=DEFAULT_DAYS[StageKind.FINAL_NOTICE], show_default=True)
@click.option("--suspension", type=int, default=DEFAULT_DAYS[StageKind.SUSPENSION], show_default=True)
@click.option("--minimum", default=MINIMUM, show_default=True, help="The smallest overdue amount that starts a stage.")
def publish(
    *,
    effective_from: datetime,
    reminder: int,
    second_reminder: int,
    final_notice: int,
    suspension: int,
    minimum: str,
) -> None:
    """Publish the next version with the shipped terms; the stages are days after the due date."""
    days = {
        StageKind.REMINDER: reminder,
        StageKind.SECOND_REMINDER: second_reminder,
        StageKind.FINAL_NOTICE: final_notice,
        StageKind.SUSPENSION: suspension,
    }
    published = publish_policy(
        db.session,
        effective_from=effective_from.date(),
        stages=shipped_stages(days),
        texts=terms_of(settings().partner_name),
        minimum=Money.parse(minimum),
        by=None,
        now=utc_now(),
    )
    db.session.commit()
    _say(published)


def _say(published: CollectionsPolicy) -> None:
    answer = {
        "version": published.version,
        "effective_from": published.effective_from.isoformat(),
        "stages": {stage.kind.value: stage.day_offset for stage in published.stages},
    }
    click.echo(json.dumps(answer))


@policy.command("settle")
def settle() -> None:
    """End every notice whose invoices are paid; the worker does it by itself."""
    ended = settle_paid(db.session, now=utc_now())
    db.session.commit()
    click.echo(json.dumps({"settled": [notice.public_id for notice in ended]}))
