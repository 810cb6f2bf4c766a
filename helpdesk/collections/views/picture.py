"""The stages of a policy as a picture: what comes on which day, and what works in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from helpdesk.collections import labels
from helpdesk.collections.models import CollectionsPolicy, PolicyStage, StageKind
from helpdesk.limits import DATA_RETENTION_DAYS


@dataclass(frozen=True, slots=True)
class PictureStep:
    """One mark on the line."""

    title: str
    when: str
    words: str
    icon: str
    tone: str
    """What works from here on: `works`, `warned`, `limited`, `gone`."""
    anchor: str = ""
    clause: str = ""


_TONES = {
    StageKind.REMINDER: "works",
    StageKind.SECOND_REMINDER: "works",
    StageKind.FINAL_NOTICE: "warned",
    StageKind.SUSPENSION: "limited",
    StageKind.DELETION: "gone",
}


def picture_of(policy: CollectionsPolicy, *, anchor: Callable[[str], str]) -> list[PictureStep]:
    """The due date and every stage of a policy; `anchor` finds the clause in the text below."""
    due = PictureStep(
        title=_("Due date"),
        when=_("Day 0"),
        words=_("The date printed on the invoice."),
        icon="calendar-check",
        tone="works",
    )
    return [due, *(_step(stage, anchor) for stage in policy.stages)]


def _step(stage: PolicyStage, anchor: Callable[[str], str]) -> PictureStep:
    return PictureStep(
        title=str(labels.STAGES[stage.kind]),
        when=_when(stage),
        words=str(labels.STAGE_WORDS[stage.kind]),
        icon=labels.STAGE_ICONS[stage.kind],
        tone=_TONES[stage.kind],
        anchor=anchor(stage.clause),
        clause=stage.clause,
    )


def _when(stage: PolicyStage) -> str:
    if stage.kind is StageKind.DELETION:
        return str(_("%(days)d days after the suspension", days=DATA_RETENTION_DAYS))
    return str(_("Day %(day)d", day=stage.day_offset))
