"""The partner's own fields on a form: made anew for each page, since leads change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from helpdesk.errors import DomainError
from helpdesk.tickets.forms.fields import SelectChoice, SelectField, refuse_because, tidy_line_or_empty, tidy_or_empty
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.labels.fields import KINDS
from helpdesk.tickets.models import CustomField, FieldKind, Topic
from helpdesk.tickets.rules.fields import checked
from helpdesk.tickets.services.fields import FieldWords
from helpdesk.web.locale import LOCALES, current_locale

_PARTS = ("en", "zh-Hans", "ja")


def name_of(field: CustomField) -> str:
    """The field's name in a form."""
    return f"own_{field.public_id}"


def with_own_fields(form: type[FlaskForm], fields: Sequence[CustomField]) -> type[FlaskForm]:
    """The form with these fields added."""
    added = {name_of(field): _control(field) for field in fields}
    return type(form.__name__, (form,), added)


def _control(field: CustomField) -> Any:  # noqa: ANN401 - a WTForms field
    label = field.label_in(current_locale())
    if field.kind is not FieldKind.CHOICE:
        return StringField(label, filters=[tidy_line_or_empty])
    offered = [SelectChoice(each["en"], each.get(current_locale()) or each["en"]) for each in field.choices]
    return SelectField(label, choices=[SelectChoice("", _("Choose…")), *offered])


def own_answers(form: Any, fields: Sequence[CustomField], *, currency: str) -> dict[CustomField, str] | None:  # noqa: ANN401
    """What was answered, as it is kept; None when something was refused, which then stands at its field."""
    answers: dict[CustomField, str] = {}
    good = True
    for field in fields:
        control = form[name_of(field)]
        if control.errors:
            good = False
            continue
        offered = [choice["en"] for choice in field.choices]
        try:
            answers[field] = checked(
                field.kind, control.data or "", required=field.required, offered=offered, currency=currency
            )
        except DomainError as refusal:
            refuse_because(control, refusal)
            good = False
    return answers if good else None


class FieldForm(FlaskForm):
    """A field as leads describe it."""

    topic = SelectField(_l("Topic"))
    kind = SelectField(_l("What is written"))
    en = StringField("English", filters=[tidy_line_or_empty])
    zh = StringField("简体中文", filters=[tidy_line_or_empty])
    ja = StringField("日本語", filters=[tidy_line_or_empty])
    choices = TextAreaField(_l("Answers to choose from"), filters=[tidy_or_empty])
    required = BooleanField(_l("It must be answered"))
    for_customer = BooleanField(_l("Customers are asked, and see the answer"), default=True)

    def __init__(self, field: CustomField | None, topic: str = "") -> None:
        """Begin with how it is now; topic and kind of an existing field stay."""
        super().__init__(data=_said(field) if field else {"topic": topic, "for_customer": True})
        self.topic.choices = [SelectChoice(value.value, str(label)) for value, label in TOPICS.items()]
        self.kind.choices = [SelectChoice(value.value, str(label)) for value, label in KINDS.items()]
        if field is not None:
            self.topic.data, self.kind.data = field.topic.value, field.kind.value

    def words(self) -> FieldWords:
        """What was written, as `keep_field` takes it."""
        return FieldWords(
            topic=Topic(self.topic.data),
            kind=FieldKind(self.kind.data),
            labels={"en": self.en.data or "", "zh-Hans": self.zh.data or "", "ja": self.ja.data or ""},
            choices=[_choice(line) for line in (self.choices.data or "").splitlines() if line.strip()],
            required=bool(self.required.data),
            for_customer=bool(self.for_customer.data),
        )


def _choice(line: str) -> dict[str, str]:
    """`English | 中文 | 日本語`; a language left out shows the English."""
    parts = [part.strip()[:80] for part in line.split("|")]
    return {locale: part for locale, part in zip(_PARTS, parts, strict=False) if part and locale in LOCALES}


def _said(field: CustomField) -> dict[str, Any]:
    return {
        "topic": field.topic.value,
        "kind": field.kind.value,
        "en": field.labels.get("en", ""),
        "zh": field.labels.get("zh-Hans", ""),
        "ja": field.labels.get("ja", ""),
        "choices": "\n".join(" | ".join(choice.get(each, "") for each in _PARTS) for choice in field.choices),
        "required": field.required,
        "for_customer": field.for_customer,
    }
