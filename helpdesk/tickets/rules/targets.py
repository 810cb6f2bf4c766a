"""How soon we answer and resolve: by topic and priority, else by priority, else as we began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.limits import FIRST_ANSWER_HOURS, RESOLUTION_HOURS, TARGET_HOURS_MAX
from helpdesk.tickets.models import Priority, Topic

EVERY_TOPIC: Final = ""


class TargetOutOfRange(DomainError):
    """Give whole working hours from 1 to %(most)d."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Working hours until our first answer, each later answer, and the resolution."""

    first: int
    next: int
    resolution: int


@dataclass(frozen=True, slots=True)
class Targets:
    """What leads chose, by topic (or `EVERY_TOPIC`) and priority."""

    chosen: Mapping[tuple[str, Priority], Goal] = field(default_factory=dict)

    def of(self, topic: Topic | str, priority: Priority) -> Goal:
        """The goal that counts for such a ticket."""
        return (
            self.chosen.get((str(topic), priority))
            or self.chosen.get((EVERY_TOPIC, priority))
            or Goal(
                FIRST_ANSWER_HOURS[priority.value], FIRST_ANSWER_HOURS[priority.value], RESOLUTION_HOURS[priority.value]
            )
        )


def check_goal(goal: Goal) -> None:
    """Pass hours that can be kept. Raises `TargetOutOfRange`."""
    if not all(1 <= hours <= TARGET_HOURS_MAX for hours in (goal.first, goal.next, goal.resolution)):
        raise TargetOutOfRange(most=TARGET_HOURS_MAX)
