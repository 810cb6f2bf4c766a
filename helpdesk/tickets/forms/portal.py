"""What a customer writes on a ticket."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from helpdesk.accounts.models import User
from helpdesk.tickets.forms.fields import SelectChoice, SelectField, WordsForm, tidy_or_empty
from helpdesk.tickets.labels import RATINGS


class CustomerReplyForm(WordsForm):
    """A message to us."""

    seen = HiddenField()


class NotSolvedForm(WordsForm):
    """Why it is not solved yet."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Use names of its own: the reply form may stand on the same page."""
        super().__init__(prefix="again-", **kwargs)
        self.body.label.text = _("What is still open?")
        del self.files


class ColleagueForm(FlaskForm):
    """A colleague who shall follow the ticket."""

    person = SelectField(_l("Colleague"))

    def __init__(self, colleagues: list[User], **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Offer those who do not follow it yet."""
        super().__init__(prefix="copy-", **kwargs)
        self._colleagues = {person.public_id: person for person in colleagues}
        names = [SelectChoice(person.public_id, person.name) for person in colleagues]
        self.person.choices = [SelectChoice("", _("Choose…")), *names]

    @property
    def chosen(self) -> User | None:
        """Who was chosen."""
        return self._colleagues.get(self.person.data)


class RatingForm(FlaskForm):
    """How satisfied the customer is, with a few words."""

    rating = RadioField(_l("How satisfied are you with our answer?"), validate_choice=False)
    comment = TextAreaField(
        _l("What should we do better?"),
        filters=[tidy_or_empty],
        validators=[Length(max=1000, message=_l("Keep it under 1,000 characters."))],
    )

    def __init__(self, rating: int | None = None, comment: str = "") -> None:
        """Offer the five answers, with the one given before."""
        super().__init__(prefix="rate-", data={"rating": str(rating or ""), "comment": comment})
        self.rating.choices = [SelectChoice(str(value), str(label)) for value, label in RATINGS.items()]

    @property
    def stars(self) -> int:
        """The answer as a number; 0 where none, or nonsense, was sent."""
        return int(self.rating.data) if self.rating.data in {"1", "2", "3", "4", "5"} else 0
