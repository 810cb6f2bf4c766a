"""Inviting somebody, and coming in."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from helpdesk.web.locale import LOCALES

_TYPED_MAX: Final = 1000
_LANGUAGES: Final = [SelectChoice(tag, name) for tag, name in LOCALES.items()]


class InviteForm(FlaskForm):
    """Whom to ask, as what, and in which language."""

    email = StringField(
        _l("E-mail address"), validators=[InputRequired(_l("Enter an e-mail address.")), Length(max=254)]
    )
    role = RadioField(_l("Role"), validators=[InputRequired(_l("Choose a role."))])
    locale = SelectField(_l("Language of the invitation"), choices=_LANGUAGES)


class AcceptForm(FlaskForm):
    """Who I am, my language and zone, and my password."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter your name.")), Length(max=120)])
    locale = SelectField(_l("Language"), choices=_LANGUAGES)
    time_zone = SelectField(_l("Time zone"))
    password = PasswordField(
        _l("Password"), validators=[InputRequired(_l("Enter a password.")), Length(max=_TYPED_MAX)]
    )
    again = PasswordField(
        _l("Password, again"),
        validators=[
            InputRequired(_l("Enter the password a second time.")),
            EqualTo("password", message=_l("The two passwords differ.")),
        ],
    )
