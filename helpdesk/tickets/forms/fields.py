"""Fields that several forms share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import SelectField as PlainSelectField
from wtforms import TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from helpdesk.errors import DomainError
from helpdesk.files.uploads import CheckedFile, Examined, examine_uploads
from helpdesk.limits import MESSAGE_MAX
from helpdesk.tickets.rules.words import tidy, tidy_line
from helpdesk.web.errors import sentence_of

_NAMED: Final = 3
"""So many refused files are named; five hundred sentences nobody reads."""

__all__ = ["FilesField", "SelectChoice", "SelectField", "WordsForm", "refuse", "refuse_because"]


def tidy_or_empty(value: str | None) -> str:
    """Filter of text areas."""
    return tidy(value or "")


def tidy_line_or_empty(value: str | None) -> str:
    """Filter of one-line fields."""
    return tidy_line(value or "")


class SelectField(PlainSelectField):
    """One of what is offered; anything else is refused in our own words."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what was not offered."""
        del form
        if all(choice.value != (self.data or "") for choice in self._offered()):
            raise ValidationError(_("Choose one of the list."))

    def _offered(self) -> Iterable[SelectChoice]:
        return [SelectChoice.from_input(choice) for choice in self.choices or []]


class FilesField(MultipleFileField):
    """Files that are looked at when the form is checked; see `examined`."""

    examined: Examined = Examined()

    def pre_validate(self, form: FlaskForm) -> None:
        """Look at every file; say of the first refused one why."""
        del form
        self.examined = examine_uploads(self.data or [])
        if self.examined.refused:
            raise StopValidation(" ".join(self._why()))

    def _why(self) -> Iterator[str]:
        """A sentence for each of the first refused files, and how many more there are."""
        refused = self.examined.refused
        yield from (sentence_of(refusal) for refusal in refused[:_NAMED])
        if len(refused) > _NAMED:
            yield ngettext(
                "%(num)d more file was not taken.", "%(num)d more files were not taken.", len(refused) - _NAMED
            )

    @property
    def files(self) -> list[CheckedFile]:
        """What may be kept."""
        return self.examined.accepted


class WordsForm(FlaskForm):
    """Some words, with files."""

    body = TextAreaField(
        _l("Your message"),
        filters=[tidy_or_empty],
        validators=[
            InputRequired(_l("Write a few words first.")),
            Length(max=MESSAGE_MAX, message=_l("That is longer than 20,000 characters. Attach it as a file instead.")),
        ],
        render_kw={"maxlength": False},  # a browser would cut what is pasted, without a word
    )
    files = FilesField(_l("Files"))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Words of white space alone are none."""
        good: bool = super().validate(extra_validators)
        if good and not self.body.data:
            return refuse(self.body, _("Write a few words first."))
        return good

    def forget_errors(self) -> None:
        """Show the form again without complaints: nobody meant to send it yet."""
        for field in self:
            field.errors = []


def refuse(field: Any, sentence: str) -> bool:  # noqa: ANN401 - any field
    """Put a refusal at its field; False, for `validate`."""
    field.errors = [*field.errors, sentence]
    return False


def refuse_because(field: Any, error: DomainError) -> None:  # noqa: ANN401 - any field
    """The same for a refusal of the domain."""
    refuse(field, sentence_of(error))
