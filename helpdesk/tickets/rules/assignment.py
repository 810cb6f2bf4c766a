"""Who gets a new ticket, and why.

The first enabled rule that fits and that somebody can follow decides: a named agent, unless away for long; in a
group whoever of those on duty has waited longest. No such rule: whoever on duty has waited longest. Nobody on
duty: nobody, and the ticket waits in the view of unassigned ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from helpdesk.tickets.models import Topic

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Reason(StrEnum):
    """Why somebody got a ticket."""

    RULE = "rule"
    TURN = "turn"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule looks at in a new ticket."""

    topic: Topic
    customer_id: int
    locale: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as values; what is None or empty fits every ticket. Either `agent` or `group`."""

    name: str
    topic: Topic | None = None
    customer_id: int | None = None
    locale: str = ""
    agent: int | None = None
    group: tuple[int, ...] = ()

    def fits(self, asked: Asked) -> bool:
        """Whether the rule is about such a ticket."""
        return (
            self.topic in {None, asked.topic}
            and self.customer_id in {None, asked.customer_id}
            and self.locale in {"", asked.locale}
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the ticket and why; `skipped` names the rules that fitted but that nobody could follow."""

    user_id: int | None
    reason: Reason
    rule: str = ""
    skipped: tuple[str, ...] = ()


def choose(
    asked: Asked, rules: Iterable[Rule], *, present: Collection[int], on_duty: Mapping[int, datetime | None]
) -> Choice:
    """Choose from `present` (agents who are neither disabled nor away for long) and those `on_duty`.

    `on_duty` says when each was last given a ticket. `rules` are the enabled ones in their order.
    """
    skipped: list[str] = []
    for rule in rules:
        if not rule.fits(asked):
            continue
        found = _followed(rule, present, on_duty)
        if found is not None:
            return Choice(found, Reason.RULE, rule.name, tuple(skipped))
        skipped.append(rule.name)
    turn = whose_turn(on_duty)
    return Choice(turn, Reason.NOBODY if turn is None else Reason.TURN, skipped=tuple(skipped))


def whose_turn(on_duty: Mapping[int, datetime | None]) -> int | None:
    """Whoever has waited longest since the last ticket; None where nobody is on duty."""
    return min(on_duty, key=lambda user_id: (on_duty[user_id] or _NEVER, user_id), default=None)


def _followed(rule: Rule, present: Collection[int], on_duty: Mapping[int, datetime | None]) -> int | None:
    if rule.agent is not None:
        return rule.agent if rule.agent in present else None
    return whose_turn({user_id: on_duty[user_id] for user_id in rule.group if user_id in on_duty})
