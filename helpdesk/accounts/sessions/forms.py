"""Proving again who one is."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import Length

_TYPED_MAX: Final = 1000


class ConfirmForm(FlaskForm):
    """The password or a code; the names are ones that no other form has, as they travel with other forms' fields."""

    confirm_password = PasswordField(_l("Your password"), validators=[Length(max=_TYPED_MAX)])
    confirm_code = StringField(_l("Code from the app"), validators=[Length(max=60)])

    @property
    def is_answered(self) -> bool:
        """Whether anything was entered."""
        return bool(self.confirm_password.data or self.confirm_code.data)
