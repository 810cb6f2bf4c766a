"""Another e-mail address."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class AddressForm(FlaskForm):
    """The address that I want to sign in with from now on."""

    email = StringField(
        _l("New e-mail address"), validators=[InputRequired(_l("Enter the new e-mail address.")), Length(max=254)]
    )
