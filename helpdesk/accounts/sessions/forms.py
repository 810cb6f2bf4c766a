"""Proving again who one is."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

_TYPED_MAX: Final = 1000


class ConfirmForm(FlaskForm):
    """The password once more; its name is one that no other form has, as it travels with other forms' fields."""

    confirm_password = PasswordField(
        _l("Your password"), validators=[InputRequired(_l("Enter your password.")), Length(max=_TYPED_MAX)]
    )
