"""Codes of the authenticator app."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

_LENGTH = Length(max=60)


class SetUpForm(FlaskForm):
    """The first code of a new app: it shows that the secret arrived."""

    code = StringField(
        _l("Code from the app"), validators=[InputRequired(_l("Enter the six digits that the app shows.")), _LENGTH]
    )


class StepForm(FlaskForm):
    """The code that is asked after the password."""

    code = StringField(
        _l("Code"),
        validators=[InputRequired(_l("Enter the six digits that the app shows, or a recovery code.")), _LENGTH],
    )
    next = HiddenField()


class NothingForm(FlaskForm):
    """A button that is meant."""
