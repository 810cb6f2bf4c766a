"""What an agent fills in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from helpdesk.accounts.models import User
from helpdesk.billing.models import DisputeState
from helpdesk.limits import MESSAGE_MAX
from helpdesk.money import Money, NotAnAmount
from helpdesk.tickets.forms.fields import (
    SelectChoice,
    SelectField,
    WordsForm,
    refuse,
    refuse_because,
    tidy_line_or_empty,
    tidy_or_empty,
)
from helpdesk.tickets.labels import DECISIONS, PRIORITIES, TOPICS
from helpdesk.tickets.models import Priority, Ticket, Topic
from helpdesk.tickets.queries.beside import Offered
from helpdesk.tickets.services import DisputeDecision

NOBODY: Final = ""


class AnswerForm(WordsForm):
    """A message to the customer; `seen` is what the agent had read."""

    seen = HiddenField()

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Name the field for what it is."""
        super().__init__(prefix="reply-", **kwargs)
        self.body.label.text = _("Reply to the customer")


class NoteForm(WordsForm):
    """An internal note; `seen` tells a second sending of the same from a new one."""

    seen = HiddenField()

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Name the field for what it is."""
        super().__init__(prefix="note-", **kwargs)
        self.body.label.text = _("Internal note")


class TriageForm(FlaskForm):
    """Topic, priority, owner; `was` is how they stood when the form was shown."""

    was = HiddenField()
    topic = SelectField(_l("Topic"))
    priority = SelectField(_l("Priority"))
    owner = SelectField(_l("Owner"))

    def __init__(self, ticket: Ticket, people: Sequence[User | Offered]) -> None:
        """Offer what there is, with how the ticket stands."""
        self._stands = {
            "topic": ticket.topic.value,
            "priority": ticket.priority.value,
            "owner": ticket.owner.public_id if ticket.owner else NOBODY,
        }
        super().__init__(data=self._stands | {"was": " ".join(self._stands.values())})
        self._people = {person.public_id: person for person in [*people, ticket.owner] if person is not None}
        self.topic.choices = [SelectChoice(value.value, str(label)) for value, label in TOPICS.items()]
        self.priority.choices = [SelectChoice(value.value, str(label)) for value, label in PRIORITIES.items()]
        names = [SelectChoice(key, person.name) for key, person in self._people.items()]
        self.owner.choices = [SelectChoice(NOBODY, _("Nobody yet")), *names]

    @property
    def is_outdated(self) -> bool:
        """Whether somebody else changed the ticket since the form was shown."""
        return self._was() != self._stands

    def values(self) -> dict[str, Any]:
        """What was chosen, as `triage` takes it; what was left alone stays as others have set it meanwhile."""
        was = self._was()
        chosen = {name: self[name].data for name in self._stands}
        kept = {name: self._stands[name] if chosen[name] == was.get(name) else chosen[name] for name in chosen}
        return {
            "topic": Topic(kept["topic"]),
            "priority": Priority(kept["priority"]),
            "owner": self._people.get(kept["owner"]),
        }

    def _was(self) -> dict[str, str]:
        return dict(zip(self._stands, (self.was.data or "").split(" "), strict=False))


class ResolveForm(FlaskForm):
    """The explanation, and what becomes of a dispute."""

    seen = HiddenField()
    explanation = TextAreaField(
        _l("What do we tell the customer?"),
        filters=[tidy_or_empty],
        validators=[
            Length(max=MESSAGE_MAX, message=_l("That is longer than 20,000 characters. Attach it as a file instead."))
        ],
    )
    decision = RadioField(_l("What becomes of the disputed charge?"), validate_choice=False)
    credit = StringField(_l("Credit"), filters=[tidy_line_or_empty])

    def __init__(self, ticket: Ticket, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Ask about the dispute only where one is open."""
        super().__init__(**kwargs)
        self.decided: DisputeDecision | None = None
        self.disputed = ticket.dispute.amount if ticket.dispute and ticket.has_open_dispute else None
        self.decision.choices = [SelectChoice(state.value, str(label)) for state, label in DECISIONS.items()]
        if self.disputed is None:
            del self.decision
            del self.credit

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the decision where there is one to take."""
        good: bool = super().validate(extra_validators)
        return (self.disputed is None or self._decide(self.disputed)) and good

    def _decide(self, disputed: Money) -> bool:
        if self.decision.data not in {state.value for state in DECISIONS}:
            return refuse(self.decision, _("Say what becomes of the disputed charge before you resolve the ticket."))
        outcome = DisputeState(self.decision.data)
        if outcome is not DisputeState.GRANTED and self.credit.data:
            return refuse(self.credit, _("A credit goes with a granted dispute. Empty this field, or grant it."))
        credit = self._credit(disputed) if outcome is DisputeState.GRANTED else None
        if outcome is DisputeState.GRANTED and credit is None:
            return False
        self.decided = DisputeDecision(outcome, credit)
        return True

    def _credit(self, disputed: Money) -> Money | None:
        """The credit; the whole disputed amount where none is given."""
        if not self.credit.data:
            return disputed
        try:
            credit = Money.parse(self.credit.data, disputed.currency)
        except NotAnAmount as error:
            refuse_because(self.credit, error)
            return None
        if credit.minor <= 0 or credit > disputed:
            refuse(self.credit, _("The credit is more than nothing and at most the disputed amount."))
            return None
        return credit
