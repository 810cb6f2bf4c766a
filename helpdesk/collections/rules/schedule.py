"""On which day each stage comes: counted from the due date, moved by holidays only later, never earlier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from helpdesk.collections.models import StageKind
from helpdesk.limits import DATA_RETENTION_DAYS

ORDER: Final = (
    StageKind.REMINDER,
    StageKind.SECOND_REMINDER,
    StageKind.FINAL_NOTICE,
    StageKind.SUSPENSION,
    StageKind.DELETION,
)
"""The stages in the order in which they come."""

LONG_HOLIDAY_DAYS: Final = 3
"""A rest of this many days is a long holiday: nobody should be cut off on the evening before it."""
_LONGEST_REST: Final = 60


class WorkDays(Protocol):
    """What the holiday rule asks of a calendar; `workcalendar.WorkCalendar` answers it."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`."""


@dataclass(frozen=True, slots=True)
class StageDay:
    """One stage on its day."""

    kind: StageKind
    on: date


def earlier_stages(kind: StageKind) -> tuple[StageKind, ...]:
    """Every stage that comes before `kind`."""
    return ORDER[: ORDER.index(kind)]


def moved_later(day: date, calendar: WorkDays | None) -> date:
    """The first day from `day` on that is worked and is not the eve of a long holiday.

    Without a calendar, `day` itself. Source: the policy's holiday rule; never earlier.
    """
    if calendar is None:
        return day
    for offset in range(_LONGEST_REST):
        candidate = day + timedelta(days=offset)
        if calendar.is_working_day(candidate) and not _is_eve_of_long_holiday(candidate, calendar):
            return candidate
    return day


def _is_eve_of_long_holiday(day: date, calendar: WorkDays) -> bool:
    return not any(calendar.is_working_day(day + timedelta(days=ahead)) for ahead in range(1, LONG_HOLIDAY_DAYS + 1))


def stage_days(offsets: Mapping[StageKind, int], due_on: date, *, calendar: WorkDays | None = None) -> list[StageDay]:
    """Every stage with its day, for an amount due on `due_on`; the deletion follows the suspension.

    The days keep the order of the stages, whatever the holidays move.
    """
    days: list[StageDay] = []
    for kind in ORDER[:-1]:
        on = moved_later(due_on + timedelta(days=offsets[kind]), calendar)
        days.append(StageDay(kind, max(on, days[-1].on) if days else on))
    return [*days, StageDay(StageKind.DELETION, data_deleted_on(days[-1].on))]


def stage_day(
    offsets: Mapping[StageKind, int], due_on: date, kind: StageKind, *, calendar: WorkDays | None = None
) -> date:
    """The day of one stage."""
    return next(stage.on for stage in stage_days(offsets, due_on, calendar=calendar) if stage.kind is kind)


def first_day(
    offsets: Mapping[StageKind, int],
    due_on: date,
    kind: StageKind,
    *,
    given: Mapping[StageKind, date],
    promised: date | None = None,
    calendar: WorkDays | None = None,
) -> date:
    """The first day on which a stage may come, when the earlier notices were given on the days `given`.

    Its day by the policy; later if the notice before it came late, so that the waiting time between them stays
    whole (a worker that was down sends one notice, not all); and a suspension never before the day `promised`.
    """
    days = [stage_day(offsets, due_on, kind, calendar=calendar)]
    before = next((stage for stage in reversed(earlier_stages(kind)) if stage in given), None)
    if before is not None:
        days.append(moved_later(given[before] + timedelta(days=offsets[kind] - offsets[before]), calendar))
    if promised is not None and kind is StageKind.SUSPENSION:
        days.append(promised)
    return max(days)


def later_by(offsets: Mapping[StageKind, int], extra_days: int) -> dict[StageKind, int]:
    """The same stages, each so many days later: what an exception for one customer does."""
    return {kind: day + extra_days for kind, day in offsets.items()}


def remaining_days(
    offsets: Mapping[StageKind, int],
    due_on: date,
    *,
    given: Mapping[StageKind, date],
    promised: date | None = None,
    calendar: WorkDays | None = None,
) -> dict[StageKind, date]:
    """The days of the stages that are still to come, if each comes as soon as it may."""
    days = dict(given)
    for kind in ORDER[:-1]:
        if kind not in days:
            days[kind] = first_day(offsets, due_on, kind, given=days, promised=promised, calendar=calendar)
    days.setdefault(StageKind.DELETION, data_deleted_on(days[StageKind.SUSPENSION]))
    return {kind: on for kind, on in days.items() if kind not in given}


def access_changes_on(
    offsets: Mapping[StageKind, int],
    due_on: date,
    *,
    stage: StageKind,
    issued_on: date,
    calendar: WorkDays | None = None,
    promised: date | None = None,
) -> date:
    """The day from which users cannot sign in, as a notice of `stage` issued on `issued_on` states it.

    It is the suspension's day by the policy; later if the notice came late, so that its waiting time stays whole;
    and never before the day `promised` by an earlier notice.
    """
    by_policy = stage_day(offsets, due_on, StageKind.SUSPENSION, calendar=calendar)
    waiting = max(0, offsets[StageKind.SUSPENSION] - offsets[stage])
    after_waiting = moved_later(issued_on + timedelta(days=waiting), calendar)
    return max(by_policy, after_waiting, promised or by_policy)


def data_deleted_on(access_changes: date) -> date:
    """The day on which 21Vianet deletes the data of a subscription that is still suspended. Source: domain, duty 4."""
    return access_changes + timedelta(days=DATA_RETENTION_DAYS)
