"""What the partner's people fill in on the collections pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from helpdesk.billing.forms import AmountField, DayField
from helpdesk.collections.labels import APPROVALS, PROPOSABLE
from helpdesk.collections.models import Approval, StageKind
from helpdesk.collections.rules.approvals import DEFAULT_APPROVALS, FOR_SUSPENSION
from helpdesk.collections.rules.policies import CHOSEN, MOST_GRACE_DAYS

_DAY = _l("Enter a day, like 2026-11-30.")
_LONG = Length(max=2000, message=_l("Keep it under 2,000 characters."))
_WHY = _l("Write down why, in a sentence that a colleague understands next month.")


class HoldForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """Nothing begins until a day."""

    until = DayField(_l("Last day of the hold"), validators=[InputRequired(_DAY)])
    reason = TextAreaField(_l("Why"), validators=[InputRequired(_WHY), _LONG])


class PromiseForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """So much by a day."""

    amount = AmountField(_l("Amount promised"))
    promised_on = DayField(_l("Pays by"), validators=[InputRequired(_DAY)])
    said_by = StringField(_l("Who said so"), validators=[Length(max=120)])


class ExceptionForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """More days for one customer."""

    extra_days = IntegerField(
        _l("Extra days at every stage"), validators=[InputRequired(_l("Enter a whole number.")), NumberRange(1, 90)]
    )
    until = DayField(_l("Last day of the exception"), validators=[InputRequired(_DAY)])
    reason = TextAreaField(_l("Why"), validators=[InputRequired(_WHY), _LONG])


class ProposeForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """Why a subscription shall be suspended."""

    reason = RadioField(_l("Reason"), validators=[InputRequired(_l("Choose a reason."))], validate_choice=True)
    explanation = TextAreaField(_l("What happened"), validators=[InputRequired(_WHY), _LONG])

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Offer the reasons."""
        super().__init__(**kwargs)
        self.reason.choices = [SelectChoice(reason.value, str(label)) for reason, label in PROPOSABLE.items()]


class ApproveForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """Nothing to fill in: who approves has just said once more who they are."""


class SeenForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """What Partner Center showed afterwards."""

    seen = TextAreaField(
        _l("What Partner Center shows now"),
        validators=[InputRequired(_l("Write down the state that you see there, word by word.")), _LONG],
    )
    sure = BooleanField(
        _l("I have seen the new state in Partner Center myself"),
        validators=[InputRequired(_l("Say that you saw the new state in Partner Center before you record it."))],
    )


class ReactivatedForm(SeenForm):
    """And since when it works again, where that is not today."""

    on = DayField(_l("Day on which it was switched on"), validators=[Optional()])


class ReasonForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """Why something is taken back."""

    reason = TextAreaField(_l("Why"), validators=[InputRequired(_WHY), _LONG])


class DropForm(ReasonForm):
    """Why not, and until when nothing is proposed again."""

    until = DayField(_l("Propose nothing until"), validators=[InputRequired(_DAY)])


def _grace() -> IntegerField:
    words = _l("Enter a whole number from 0 to %(most)d.", most=MOST_GRACE_DAYS)
    return IntegerField(_l("Days of grace"), validators=[Optional(), NumberRange(0, MOST_GRACE_DAYS, message=words)])


def _approval(stage: StageKind) -> SelectField:
    offered = FOR_SUSPENSION if stage is StageKind.SUSPENSION else tuple(Approval)

    def choices() -> list[SelectChoice]:
        return [SelectChoice(each.value, str(APPROVALS[each])) for each in offered]

    return SelectField(_l("Who approves it"), choices=choices, default=DEFAULT_APPROVALS[stage].value)


class DraftForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """The next version of the policy."""

    effective_from = DayField(_l("Holds from"), validators=[InputRequired(_DAY)])
    reminder = IntegerField(_l("First reminder"), validators=[InputRequired(_l("Enter a whole number."))])
    second_reminder = IntegerField(_l("Second reminder"), validators=[InputRequired(_l("Enter a whole number."))])
    final_notice = IntegerField(_l("Final notice"), validators=[InputRequired(_l("Enter a whole number."))])
    suspension = IntegerField(_l("Suspension"), validators=[InputRequired(_l("Enter a whole number."))])
    grace_reminder = _grace()
    grace_second_reminder = _grace()
    grace_final_notice = _grace()
    grace_suspension = _grace()
    approval_reminder = _approval(StageKind.REMINDER)
    approval_second_reminder = _approval(StageKind.SECOND_REMINDER)
    approval_final_notice = _approval(StageKind.FINAL_NOTICE)
    approval_suspension = _approval(StageKind.SUSPENSION)
    base = HiddenField()
    """Which state of the draft this form was opened with."""
    minimum = AmountField(_l("Smallest amount that starts a stage"))
    en = TextAreaField("English")
    zh_Hans = TextAreaField("简体中文")  # noqa: N815 - named after the language
    ja = TextAreaField("日本語")

    @property
    def days(self) -> dict[StageKind, int]:
        """Days after the due date, by stage."""
        return {kind: int(self[kind.value].data) for kind in CHOSEN}

    @property
    def graces(self) -> dict[StageKind, int]:
        """Days of grace by stage."""
        return {kind: int(self[f"grace_{kind.value}"].data or 0) for kind in CHOSEN}

    @property
    def approvals(self) -> dict[StageKind, Approval]:
        """Who approves, by stage."""
        return {kind: Approval(self[f"approval_{kind.value}"].data) for kind in CHOSEN}

    @property
    def texts(self) -> dict[str, str]:
        """The terms by language."""
        return {"en": self.en.data or "", "zh-Hans": self.zh_Hans.data or "", "ja": self.ja.data or ""}
