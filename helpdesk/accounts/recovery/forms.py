"""Asking for a new password, and choosing it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

_TYPED_MAX: Final = 1000


class ForgottenForm(FlaskForm):
    """The address of the account."""

    email = StringField(
        _l("E-mail address"), validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)]
    )


class ChooseForm(FlaskForm):
    """The new password, twice."""

    password = PasswordField(
        _l("New password"), validators=[InputRequired(_l("Enter a new password.")), Length(max=_TYPED_MAX)]
    )
    again = PasswordField(
        _l("New password, again"),
        validators=[
            InputRequired(_l("Enter the new password a second time.")),
            EqualTo("password", message=_l("The two new passwords differ.")),
        ],
    )
