"""Signing in, the profile, and the password."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from helpdesk.web.locale import LOCALES

_TYPED_MAX: Final = 1000
"""More than this is not a password but an attempt to keep us busy."""


class SignInForm(FlaskForm):
    """Address and password; `next` is where the person wanted to go."""

    email = StringField(
        _l("E-mail address"), validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)]
    )
    password = PasswordField(
        _l("Password"), validators=[InputRequired(_l("Enter your password.")), Length(max=_TYPED_MAX)]
    )
    next = HiddenField()


class ProfileForm(FlaskForm):
    """How I am addressed, in which language, and in which time zone."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter your name.")), Length(max=120)])
    locale = SelectField(_l("Language"), choices=[SelectChoice(tag, name) for tag, name in LOCALES.items()])
    time_zone = SelectField(_l("Time zone"))


class PasswordForm(FlaskForm):
    """The password I have and the one I want."""

    current = PasswordField(
        _l("Current password"), validators=[InputRequired(_l("Enter your current password.")), Length(max=_TYPED_MAX)]
    )
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
