"""What is asked when a waiting mail is decided."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp


class AcceptForm(FlaskForm):
    """In whose name the ticket is made."""

    contact = EmailField(_l("E-mail address of the customer's contact"), validators=[Optional(), Length(max=254)])


class JoinForm(FlaskForm):
    """Which ticket it belongs to."""

    ticket = StringField(
        _l("Ticket number"),
        validators=[
            InputRequired(_l("Enter the ticket number, for example T-1042.")),
            Regexp(r"^\s*(?:[Tt]-?)?[0-9]{1,9}\s*$", message=_l("Enter the ticket number, for example T-1042.")),
        ],
    )

    @property
    def number(self) -> int:
        """The number without its letter."""
        return int(str(self.ticket.data).strip().upper().removeprefix("T").removeprefix("-"))
