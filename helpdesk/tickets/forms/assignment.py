"""What leads decide about who gets which ticket."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from helpdesk.accounts.models import Customer, User
from helpdesk.tickets.forms.fields import SelectChoice, SelectField, tidy_line_or_empty
from helpdesk.tickets.labels import TOPICS
from helpdesk.tickets.models import AgentGroup, AssignmentRule, Topic
from helpdesk.tickets.rules.assignment import Asked
from helpdesk.tickets.services.assignment import RuleWords
from helpdesk.web.locale import LOCALES

_NAME = [InputRequired(_l("Give it a name.")), Length(max=80, message=_l("Keep it under 80 characters."))]


def _topics(empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(value.value, str(label)) for value, label in TOPICS.items())]


def _customers(customers: list[Customer], empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(each.public_id, each.name) for each in customers)]


def _locales(empty: str) -> list[SelectChoice]:
    return [SelectChoice("", empty), *(SelectChoice(code, name) for code, name in LOCALES.items())]


class RuleForm(FlaskForm):
    """A rule: which tickets, and who gets them."""

    name = StringField(_l("Name"), filters=[tidy_line_or_empty], validators=_NAME)
    topic = SelectField(_l("Topic"))
    customer = SelectField(_l("Customer"))
    locale = SelectField(_l("Language"))
    target = SelectField(_l("Goes to"))

    def __init__(
        self, rule: AssignmentRule | None, *, people: list[User], groups: list[AgentGroup], customers: list[Customer]
    ) -> None:
        """Begin with what the rule says now."""
        super().__init__(data=_said(rule) if rule else {})
        self._people = {f"a-{person.public_id}": person for person in people}
        self._groups = {f"g-{group.public_id}": group for group in groups}
        self._by_id = {customer.public_id: customer for customer in customers}
        self.topic.choices = _topics(_("any topic"))
        self.customer.choices = _customers(customers, _("any customer"))
        self.locale.choices = _locales(_("any language"))
        self.target.choices = [
            SelectChoice("", _("Choose…")),
            *(SelectChoice(key, group.name, optgroup=_("Groups")) for key, group in self._groups.items()),
            *(SelectChoice(key, person.name, optgroup=_("Agents")) for key, person in self._people.items()),
        ]

    def words(self) -> RuleWords:
        """What was written, as `keep_rule` takes it."""
        return RuleWords(
            name=self.name.data or "",
            topic=Topic(self.topic.data) if self.topic.data else None,
            customer=self._by_id.get(self.customer.data or ""),
            locale=self.locale.data or "",
            agent=self._people.get(self.target.data or ""),
            group=self._groups.get(self.target.data or ""),
        )


def _said(rule: AssignmentRule) -> dict[str, Any]:
    target = f"a-{rule.agent.public_id}" if rule.agent else f"g-{rule.group.public_id}" if rule.group else ""
    return {
        "name": rule.name,
        "topic": rule.topic.value if rule.topic else "",
        "customer": rule.customer.public_id if rule.customer else "",
        "locale": rule.locale,
        "target": target,
    }


class GroupForm(FlaskForm):
    """A group of agents."""

    name = StringField(_l("Name"), filters=[tidy_line_or_empty], validators=_NAME)
    members = SelectMultipleField(
        _l("Members"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )

    def __init__(self, group: AgentGroup | None, people: list[User]) -> None:
        """Offer everybody who answers tickets."""
        known = [person.public_id for person in group.members] if group else []
        super().__init__(data={"name": group.name if group else "", "members": known})
        self._people = {person.public_id: person for person in people}
        self.members.choices = [(person.public_id, person.name) for person in people]

    def chosen(self) -> list[User]:
        """Who was ticked."""
        return [self._people[key] for key in dict.fromkeys(self.members.data or []) if key in self._people]


class TryForm(FlaskForm):
    """A ticket as it might come, to see who would get it; sent by GET."""

    class Meta:
        """Nothing is changed by asking."""

        csrf = False

    topic = SelectField(_l("Topic"))
    customer = SelectField(_l("Customer"))
    locale = SelectField(_l("Language"))

    def __init__(self, args: Any, customers: list[Customer]) -> None:  # noqa: ANN401 - Werkzeug's own
        """Offer what a ticket may be."""
        super().__init__(formdata=args, prefix="try-")
        self._by_id = {customer.public_id: customer for customer in customers}
        self.topic.choices = _topics(_("Choose…"))
        self.customer.choices = _customers(customers, _("Choose…"))
        self.locale.choices = _locales(_("Choose…"))

    @property
    def asked(self) -> Asked | None:
        """The ticket that was described, once all three are chosen."""
        customer = self._by_id.get(self.customer.data or "")
        if not self.topic.data or self.topic.data not in set(Topic) or customer is None:
            return None
        if self.locale.data not in LOCALES:
            return None
        return Asked(Topic(self.topic.data), customer.id, self.locale.data)
