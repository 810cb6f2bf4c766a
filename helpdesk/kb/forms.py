"""The forms of readers and editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, Optional, Regexp

from helpdesk.kb.labels import AUDIENCES, REASONS
from helpdesk.kb.rules import Content, content_with, tidy_tags
from helpdesk.web.locale import LOCALES


def _choices(options: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in options.items()]


def listed(text: str | None) -> list[str]:
    """What stands between commas of any script."""
    return tidy_tags(str(text or "").replace("，", ",").replace("、", ",").split(","))


_TITLE = Length(max=200, message=_l("Keep it below 200 characters."))

_ADDRESS = [
    InputRequired(_l("Give the article an address.")),
    Length(max=120),
    Regexp(
        r"^[a-z0-9][a-z0-9-]*$",
        message=_l("An address is made of small letters, digits and hyphens, such as when-payment-is-due."),
    ),
]


class FeedbackForm(FlaskForm):
    """Why an article did not help."""

    helpful = HiddenField()
    reason = RadioField(_l("What was missing?"), choices=_choices(REASONS), validators=[Optional()])
    comment = TextAreaField(
        _l("Tell us more"), validators=[Length(max=1000, message=_l("Keep it below 1,000 characters."))]
    )


class ArticleForm(FlaskForm):
    """What an editor writes in one language."""

    base = HiddenField()
    begun = HiddenField()
    """The text with which writing began, for a merge."""
    title = StringField(_l("Title"), validators=[InputRequired(_l("Give the article a title.")), _TITLE])
    summary = TextAreaField(_l("Summary"), validators=[Length(max=400, message=_l("Keep it below 400 characters."))])
    body = TextAreaField(_l("Text"), validators=[InputRequired(_l("Write the text.")), Length(max=100_000)])
    tags = StringField(_l("Tags"), validators=[Length(max=400)])
    note = StringField(_l("What did you change?"), validators=[Length(max=400)])
    follows_source = BooleanField(_l("It says what the English text says now"), default=True)

    def content(self) -> Content:
        """What was written, in the form in which it is kept."""
        return content_with(
            title=str(self.title.data or ""),
            summary=str(self.summary.data or ""),
            body=str(self.body.data or ""),
            tags=listed(self.tags.data),
        )


class NewArticleForm(FlaskForm):
    """A new article, or a new translation's first lines."""

    title = StringField(_l("Title"), validators=[InputRequired(_l("Give the article a title.")), _TITLE])
    slug = StringField(_l("Address"), validators=_ADDRESS)
    locale = SelectField(_l("Language"), choices=_choices(LOCALES))
    category = SelectField(_l("Category"), validators=[Optional()])
    audience = SelectField(_l("Who may read it"), choices=_choices(AUDIENCES))
    body = TextAreaField(_l("First draft"), validators=[Optional(), Length(max=100_000)])


class DetailsForm(FlaskForm):
    """What all languages of an article share."""

    slug = StringField(_l("Address"), validators=_ADDRESS)
    category = SelectField(_l("Category"), validators=[Optional()])
    audience = SelectField(_l("Who may read it"), choices=_choices(AUDIENCES))
    owner = SelectField(_l("Owner"), validators=[Optional()])
    products = StringField(_l("Products"), validators=[Length(max=400)])
    topics = StringField(_l("Topics"), validators=[Length(max=400)])
    review_by = DateField(_l("Read again by"), validators=[Optional()])


def choices_of_categories(options: Mapping[str, Any]) -> list[SelectChoice]:
    """The shelves, with none of them first."""
    return [SelectChoice("", _l("No category")), *_choices(options)]
