"""Another role, and the end of an access."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from helpdesk.accounts.people.rules import REASON_MAX


class RoleForm(FlaskForm):
    """The role that a person shall have; a reason where nobody else would get an organisation's notices."""

    role = RadioField(_l("Role"), validators=[InputRequired(_l("Choose a role."))])
    role_reason = TextAreaField(_l("Reason"), validators=[Length(max=REASON_MAX)])


class EndForm(FlaskForm):
    """Why an access ends."""

    end_reason = TextAreaField(_l("Reason"), validators=[Length(max=REASON_MAX)])
