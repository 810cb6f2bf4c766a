"""What is written down while a case is with 21Vianet, and when it comes back."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from helpdesk.escalations.forms.fields import AmountField, MomentField, radio, select
from helpdesk.escalations.labels import CHANNELS, DIRECTIONS, EFFECTS, OUTCOMES
from helpdesk.escalations.models import Channel, ContactEffect, Direction, Outcome

_LONG: Final = Length(max=20_000, message=_l("At most 20,000 characters."))
_WHO: Final = Length(max=120, message=_l("At most 120 characters."))


class FilingForm(FlaskForm):
    """The request number that Partner Center gave."""

    request_number = StringField(
        _l("21Vianet’s request number"),
        validators=[InputRequired(_l("Enter the number that Partner Center shows after sending.")), Length(max=60)],
    )
    filed_at = MomentField(_l("Submitted at"), validators=[InputRequired(_l("Say when it was submitted."))])
    representative = StringField(_l("21Vianet’s representative"), validators=[_WHO])


class ContactForm(FlaskForm):
    """Who said what, by which way, and what it changes."""

    direction = radio(_l("Who spoke?"), DIRECTIONS, default=Direction.FROM_21VIANET.value)
    channel = select(_l("How?"), CHANNELS, default=Channel.PORTAL.value)
    at = MomentField(_l("When?"), validators=[InputRequired(_l("Say when it was."))])
    who = StringField(_l("With whom at 21Vianet?"), validators=[_WHO])
    text = TextAreaField(_l("What was said?"), validators=[InputRequired(_l("Write down what was said.")), _LONG])
    effect = select(_l("What does it change?"), EFFECTS, default=ContactEffect.NONE.value)
    next_check_at = MomentField(_l("Look again at"), validators=[Optional()])
    files = MultipleFileField(_l("Files"))


class AnswerForm(FlaskForm):
    """What 21Vianet decided."""

    outcome = radio(
        _l("What did 21Vianet decide?"), OUTCOMES, validators=[InputRequired(_l("Choose what 21Vianet decided."))]
    )
    credit = AmountField(_l("Credit granted"), validators=[Length(max=20)])
    answer = TextAreaField(
        _l("The answer"), validators=[InputRequired(_l("Write down what 21Vianet answered.")), _LONG]
    )
    who = StringField(_l("Who answered?"), validators=[_WHO])
    channel = select(_l("How?"), CHANNELS, default=Channel.PORTAL.value)

    def validate_credit(self, field: AmountField) -> None:
        """Ask for the amount where a credit was granted."""
        if self.outcome.data == Outcome.GRANTED and not (field.data or "").strip():
            raise ValidationError(_("Enter the credit that 21Vianet granted, as an amount above zero."))


class AskAgainForm(FlaskForm):
    """Why the answer does not settle it."""

    text = TextAreaField(
        _l("What did you tell 21Vianet?"),
        validators=[InputRequired(_l("Write down why the answer does not settle it.")), _LONG],
    )
    channel = select(_l("How?"), CHANNELS, default=Channel.PORTAL.value)


class WithdrawForm(FlaskForm):
    """Why the case is taken back."""

    why = TextAreaField(
        _l("Why is the case taken back?"), validators=[InputRequired(_l("Say why the case is taken back.")), _LONG]
    )


class SendBackForm(FlaskForm):
    """What the agent must mend."""

    note = TextAreaField(
        _l("What must be mended first?"), validators=[InputRequired(_l("Say what must be mended.")), _LONG]
    )
