"""How soon we answer, as a table of hours."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from helpdesk.limits import TARGET_HOURS_MAX
from helpdesk.tickets.forms.fields import refuse, tidy_line_or_empty
from helpdesk.tickets.labels import PRIORITIES
from helpdesk.tickets.models import Priority
from helpdesk.tickets.rules.targets import Goal, Targets

CLOCKS: Final = {"first": _l("First answer"), "next": _l("Next answer"), "resolution": _l("Resolution")}
_DIGITS: Final = 3


def _name(clock: str, priority: Priority) -> str:
    return f"{clock}_{priority.value}"


class _Hours(FlaskForm):
    """Twelve fields: each clock of each priority."""


for _priority in Priority:
    for _clock in CLOCKS:
        setattr(_Hours, _name(_clock, _priority), StringField(filters=[tidy_line_or_empty]))


class TargetsForm(_Hours):
    """Working hours by priority and clock."""

    def __init__(self, targets: Targets, topic: str) -> None:
        """Begin with what counts for the topic now."""
        now = {
            (clock, priority): getattr(targets.of(topic, priority), clock) for priority in Priority for clock in CLOCKS
        }
        super().__init__(data={_name(*where): str(hours) for where, hours in now.items()})
        for clock, label in CLOCKS.items():
            for priority in Priority:
                self._at(clock, priority).label.text = f"{PRIORITIES[priority]}: {label}"

    def _at(self, clock: str, priority: Priority) -> Any:  # noqa: ANN401 - a field
        return self[_name(clock, priority)]

    def rows(self) -> list[tuple[str, list[Any]]]:
        """The table: each priority with its three fields."""
        return [(str(PRIORITIES[priority]), [self._at(clock, priority) for clock in CLOCKS]) for priority in Priority]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Whole hours within reason."""
        good: bool = super().validate(extra_validators)
        for field in (self._at(clock, priority) for priority in Priority for clock in CLOCKS):
            if not _is_hours(field.data or ""):
                good = refuse(field, _("Give whole working hours from 1 to %(most)d.", most=TARGET_HOURS_MAX))
        return good

    def goals(self) -> dict[Priority, Goal]:
        """What was written."""
        return {priority: Goal(*(int(self._at(clock, priority).data) for clock in CLOCKS)) for priority in Priority}


def _is_hours(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS and 1 <= int(text) <= TARGET_HOURS_MAX
