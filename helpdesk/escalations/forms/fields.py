"""Kinds of fields that the forms of a case share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms import DateTimeLocalField, RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.widgets import CheckboxInput, ListWidget

from helpdesk.money import Money, NotAnAmount
from helpdesk.web.errors import sentence_of
from helpdesk.web.locale import current_zone

Kind = TypeVar("Kind", bound=StrEnum)


class MomentField(DateTimeLocalField):
    """A moment as the reader's clock shows it; `moment` gives it aware."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        """Take minutes; browsers send seconds only where they were typed."""
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    @property
    def moment(self) -> datetime | None:
        """What was entered, aware, in the reader's zone."""
        return self.data.replace(tzinfo=current_zone()) if self.data else None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, and refuse it in words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Enter a date and a time, like 2026-11-24 10:00.")) from error


def on_the_clock(moment: datetime) -> datetime:
    """Show `moment` as the reader's clock does, for a field's default."""
    return moment.astimezone(current_zone()).replace(tzinfo=None, second=0, microsecond=0)


class AmountField(StringField):
    """An amount as people type it."""

    def money(self, currency: str) -> Money | None:
        """Give the amount, or None where nothing was typed. Raises `NotAnAmount`."""
        typed = (self.data or "").strip()
        return Money.parse(typed, currency) if typed else None

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 - WTForms' own
        """Refuse what is no amount, in words."""
        del form
        try:
            self.money("CNY")
        except NotAnAmount as refusal:
            raise ValidationError(sentence_of(refusal)) from refusal


class ManyField(SelectMultipleField):
    """Any number of boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def radio(label: Any, kinds: Mapping[Kind, Any], **kwargs: Any) -> RadioField:  # noqa: ANN401 - lazy texts
    """Offer a closed set as radio buttons."""
    return RadioField(label, choices=[SelectChoice(kind.value, text) for kind, text in kinds.items()], **kwargs)


def select(label: Any, kinds: Mapping[Kind, Any], **kwargs: Any) -> SelectField:  # noqa: ANN401 - lazy texts
    """Offer a closed set as a list."""
    return SelectField(label, choices=[SelectChoice(kind.value, text) for kind, text in kinds.items()], **kwargs)
