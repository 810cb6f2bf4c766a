"""The stages as a line of marks: of a policy in days, of a notice in dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections import labels
from helpdesk.collections.models import Approval, CollectionsPolicy, PolicyStage, StageKind, SuspensionNotice
from helpdesk.collections.rules.clauses import anchor_of
from helpdesk.collections.rules.schedule import ORDER, WorkDays, remaining_days
from helpdesk.limits import DATA_RETENTION_DAYS
from helpdesk.web.formatting import day


class Effect(StrEnum):
    """What works from a mark on."""

    WORKS = "works"
    WARNED = "warned"
    LIMITED = "limited"
    GONE = "gone"


_EFFECTS = {
    StageKind.FINAL_NOTICE: Effect.WARNED,
    StageKind.SUSPENSION: Effect.LIMITED,
    StageKind.DELETION: Effect.GONE,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One point on the line."""

    title: str
    when: str
    words: str
    icon: str
    effect: Effect
    clause: str = ""
    url: str = ""
    is_reached: bool = False
    is_current: bool = False


def policy_marks(policy: CollectionsPolicy, *, for_staff: bool) -> list[Mark]:
    """The due date and every stage of a policy, each with its clause in the text below; staff read who approves."""
    words = _("The date printed on the invoice.")
    due = Mark(_("Due date"), _("Day 0"), words, "calendar-check", Effect.WORKS)
    return [due, *(_stage_mark(stage, for_staff=for_staff) for stage in policy.stages)]


def _stage_mark(stage: PolicyStage, *, for_staff: bool) -> Mark:
    return Mark(
        title=str(labels.STAGES[stage.kind]),
        when=_when(stage),
        words=f"{labels.STAGE_WORDS[stage.kind]} {_decides(stage, for_staff=for_staff)}",
        icon=labels.STAGE_ICONS[stage.kind],
        effect=_EFFECTS.get(stage.kind, Effect.WORKS),
        clause=stage.clause,
        url=f"#{anchor_of(stage.clause)}",
    )


def _decides(stage: PolicyStage, *, for_staff: bool) -> str:
    if stage.kind is StageKind.DELETION:
        return str(labels.DELETION_DECIDES)
    if for_staff or stage.approval is Approval.ENGINE:
        return str(labels.DECIDES[stage.approval])
    return str(labels.DECIDES_FOR_CUSTOMERS)


def _when(stage: PolicyStage) -> str:
    if stage.kind is StageKind.DELETION:
        return str(_("%(days)d days after the suspension", days=DATA_RETENTION_DAYS))
    return str(_("Day %(day)d", day=stage.day_offset))


def notice_marks(notice: SuspensionNotice, earlier: Sequence[SuspensionNotice], *, calendar: WorkDays) -> list[Mark]:
    """How it came to a notice, and what comes next on which day."""
    due_on = min((part.invoice.due_on for part in notice.invoices), default=notice.access_changes_on)
    due = Mark(_("Due date"), day(due_on), "", "calendar-check", Effect.WORKS, is_reached=True)
    days = _days(notice, earlier, due_on, calendar)
    reached = ORDER.index(notice.stage)
    suspended = notice.subscription.state is SubscriptionState.SUSPENDED
    return [due, *(_dated(kind, on, reached=reached, suspended=suspended) for kind, on in days.items())]


def _dated(kind: StageKind, on: date, *, reached: int, suspended: bool) -> Mark:
    position = ORDER.index(kind)
    words = _("earliest") if kind is StageKind.SUSPENSION and not suspended else ""
    return Mark(
        title=str(labels.STAGES[kind]),
        when=day(on),
        words=words,
        icon=labels.STAGE_ICONS[kind],
        effect=_EFFECTS.get(kind, Effect.WORKS),
        is_reached=position <= reached,
        is_current=position == reached,
    )


def _days(
    notice: SuspensionNotice, earlier: Sequence[SuspensionNotice], due_on: date, calendar: WorkDays
) -> Mapping[StageKind, date]:
    """The days of the notices that were given, both clocks of this one, and what may come between."""
    zone = notice.customer.time_zone
    clocks = {StageKind.SUSPENSION: notice.access_changes_on, StageKind.DELETION: notice.data_deleted_on}
    given = {each.stage: day_in(zone, each.issued_at) for each in (*earlier, notice)} | clocks
    told = {kind: on for kind, on in given.items() if ORDER.index(kind) <= ORDER.index(notice.stage)}
    ahead = remaining_days(notice.policy.offsets, due_on, given=told, calendar=calendar)
    days = ahead | given
    return {kind: days[kind] for kind in ORDER}
