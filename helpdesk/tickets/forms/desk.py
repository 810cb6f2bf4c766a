"""What the desk keeps for itself."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.tickets.forms.fields import SelectChoice, SelectField, tidy_line_or_empty, tidy_or_empty
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.models import Macro, Topic
from helpdesk.tickets.rules.macros import tidy_tag

_SHORT = Length(max=5000, message=_l("Keep it under 5,000 characters."))


class MacroForm(FlaskForm):
    """A prepared answer in three languages."""

    name = StringField(
        _l("Name"),
        filters=[tidy_line_or_empty],
        validators=[InputRequired(_l("Give it a name.")), Length(max=80, message=_l("Keep it under 80 characters."))],
    )
    topic = SelectField(_l("Offered first for"))
    tag = StringField(_l("Tag it puts on the ticket"), filters=[tidy_line_or_empty])
    en = TextAreaField("English", filters=[tidy_or_empty], validators=[_SHORT])
    zh = TextAreaField("简体中文", filters=[tidy_or_empty], validators=[_SHORT])
    ja = TextAreaField("日本語", filters=[tidy_or_empty], validators=[_SHORT])

    def __init__(self, macro: Macro | None) -> None:
        """Begin with what the macro says now."""
        bodies = macro.bodies if macro else {}
        data = {"en": bodies.get("en", ""), "zh": bodies.get("zh-Hans", ""), "ja": bodies.get("ja", "")}
        if macro:
            data |= {"name": macro.name, "tag": macro.tag, "topic": macro.topic.value if macro.topic else ""}
        super().__init__(data=data)
        topics = [SelectChoice(value.value, str(label)) for value, label in TOPICS.items()]
        self.topic.choices = [SelectChoice("", _("any topic")), *topics]

    def values(self) -> dict[str, Any]:
        """What was written, as `keep_macro` takes it."""
        return {
            "name": self.name.data or "",
            "bodies": {"en": self.en.data or "", "zh-Hans": self.zh.data or "", "ja": self.ja.data or ""},
            "topic": Topic(self.topic.data) if self.topic.data else None,
            "tag": tidy_tag(self.tag.data or ""),
        }


class SaveViewForm(FlaskForm):
    """A name for what the filter bar says now."""

    name = StringField(
        _l("Name of the view"),
        filters=[tidy_line_or_empty],
        validators=[DataRequired(_l("Give it a name.")), Length(max=60, message=_l("Keep it under 60 characters."))],
    )
    query = HiddenField()
    shared = BooleanField(_l("Show it to the whole team"))
