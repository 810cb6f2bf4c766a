"""Whose data is asked for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class ExportForm(FlaskForm):  # type: ignore[misc, unused-ignore] # Flask-WTF has no types
    """One person or one organisation."""

    whose = StringField(
        _l("E-mail address, tenant ID or domain"),
        validators=[InputRequired(_l("Say whose data is asked for.")), Length(max=255)],
    )
