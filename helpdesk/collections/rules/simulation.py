"""What a draft would do to one debt, beside what the policy does today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.notices import Said
from helpdesk.collections.rules.schedule import WorkDays, moved_later, remaining_days


@dataclass(frozen=True, slots=True)
class Course:
    """The stages that are still to come, each on its day."""

    days: Mapping[StageKind, date]

    @property
    def first(self) -> tuple[StageKind, date] | None:
        """The next stage."""
        return next(iter(self.days.items()), None)

    @property
    def suspension(self) -> date | None:
        """The earliest day of a suspension that was not announced yet."""
        return self.days.get(StageKind.SUSPENSION)


def course_of(
    said: Said, due_on: date, *, offsets: Mapping[StageKind, int], today: date, calendar: WorkDays | None
) -> Course:
    """What comes, if nothing is paid; a stage that is late comes today, and the ones after it keep their waiting."""
    given = {kind: issued.on for kind, issued in said.told.items()}
    promised = max((issued.access_changes_on for issued in said.told.values()), default=None)
    days: dict[StageKind, date] = {}
    for kind in offsets:
        if kind is StageKind.DELETION or kind in said.told:
            continue
        ahead = remaining_days(offsets, due_on, given={**given, **days}, promised=promised, calendar=calendar)
        days[kind] = max(ahead[kind], moved_later(today, calendar))
    return Course(days)
