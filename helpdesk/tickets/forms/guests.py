"""Inviting somebody from outside to a ticket, and coming in as one."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from helpdesk.tickets.forms.fields import SelectChoice, SelectField, WordsForm, tidy_line_or_empty
from helpdesk.web.locale import LOCALES

_LANGUAGES: Final = [SelectChoice(tag, name) for tag, name in LOCALES.items()]


class InviteGuestForm(FlaskForm):
    """Whom to ask, and in which language."""

    email = StringField(
        _l("E-mail address"), validators=[InputRequired(_l("Enter an e-mail address.")), Length(max=254)]
    )
    locale = SelectField(_l("Language of the mails"), choices=_LANGUAGES)


class ComeInForm(FlaskForm):
    """How the others shall see who writes."""

    name = StringField(
        _l("Your name"),
        filters=[tidy_line_or_empty],
        validators=[InputRequired(_l("Enter your name.")), Length(max=120)],
    )


class GuestReplyForm(WordsForm):
    """A message of a guest; the page keeps no draft."""
