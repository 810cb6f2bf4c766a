"""The gate: what must be said before 21Vianet is asked."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, Length

from helpdesk.billing.models import InvoiceLine, Subscription
from helpdesk.escalations.forms.fields import ManyField, radio
from helpdesk.escalations.labels import REASONS, SEVERITIES
from helpdesk.escalations.models import Escalation, EscalationReason, Severity
from helpdesk.escalations.queries.gate import GateChoices
from helpdesk.escalations.rules import GateAnswers
from helpdesk.tickets.models import TicketMessage
from helpdesk.web.formatting import day, money

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_TEXT: Final = Length(max=4000, message=_l("At most 4,000 characters."))


class GateForm(FlaskForm):
    """Reason, what happened, what was tried, evidence, severity, contact."""

    facts = TextAreaField(
        _l("What happened?"),
        validators=[InputRequired(_l("Describe the problem for somebody who sees it for the first time.")), _TEXT],
    )
    reason = radio(
        _l("What do we lack to resolve it ourselves?"),
        REASONS,
        validators=[InputRequired(_l("Choose one of 21Vianet’s three reasons."))],
    )
    reason_text = TextAreaField(
        _l("Why exactly?"),
        validators=[InputRequired(_l("Say in a sentence why we cannot resolve it ourselves.")), _TEXT],
    )
    tried = TextAreaField(
        _l("What was tried?"),
        validators=[InputRequired(_l("Say what you checked and did before asking 21Vianet.")), _TEXT],
    )
    tried_article = SelectField(_l("Article you followed"), validate_choice=True)
    notes = ManyField(_l("Messages of this ticket that show it"))
    lines = ManyField(_l("Invoice lines in question"))
    subscription = SelectField(_l("Subscription concerned"))
    attachments = ManyField(_l("Files that go with the packet"))
    severity = radio(
        _l("Severity"), SEVERITIES, validators=[InputRequired(_l("Choose how badly the customer is hit."))]
    )
    contact_name = StringField(
        _l("Contact person"), validators=[InputRequired(_l("Name the person 21Vianet can ask.")), Length(max=120)]
    )
    contact_detail = StringField(
        _l("Telephone or e-mail address"),
        validators=[InputRequired(_l("Say how 21Vianet reaches that person.")), Length(max=200)],
    )

    def __init__(self, choices: GateChoices, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        """Offer what this ticket has."""
        super().__init__(**kwargs)
        self._choices = choices
        self.tried_article.choices = [
            SelectChoice("", _("none")),
            *(SelectChoice(article.slug, title) for article, title in choices.articles),
        ]
        self.subscription.choices = [
            SelectChoice("", _("none in particular")),
            *(SelectChoice(each.public_id, _subscription_words(each)) for each in choices.subscriptions),
        ]
        self.lines.choices = [SelectChoice(line.public_id, _line_words(line)) for line in choices.lines]
        self.notes.choices = [SelectChoice(note.public_id, _note_words(note)) for note in choices.notes]
        self.attachments.choices = [SelectChoice(each.public_id, each.filename) for each in choices.attachments]

    def answers(self) -> GateAnswers:
        """Give what was typed and chosen."""
        choices = self._choices
        return GateAnswers(
            reason=_member(EscalationReason, self.reason.data, EscalationReason.SUPPORT_TOOLS),
            reason_text=self.reason_text.data or "",
            facts=self.facts.data or "",
            tried=self.tried.data or "",
            contact_name=self.contact_name.data or "",
            contact_detail=self.contact_detail.data or "",
            severity=_member(Severity, self.severity.data, Severity.MODERATE),
            tried_article=next((each for each, _t in choices.articles if each.slug == self.tried_article.data), None),
            notes=_chosen(choices.notes, self.notes.data),
            lines=_chosen(choices.lines, self.lines.data),
            subscription=next(iter(_chosen(choices.subscriptions, [self.subscription.data])), None),
            attachments=_chosen(choices.attachments, self.attachments.data),
        )


def _member(of: type[E], chosen: str | None, otherwise: E) -> E:
    return of(chosen) if chosen in set(of) else otherwise


def _subscription_words(subscription: Subscription) -> str:
    return f"{subscription.offer_name} · {subscription.portal_subscription_id}"


def _note_words(note: TicketMessage) -> str:
    return f"{note.writer.name}, {day(note.created_at)}: {note.body[:90]}"


def _line_words(line: InvoiceLine) -> str:
    period = f"{day(line.charge_start)} – {day(line.charge_end)}"
    return " · ".join((line.invoice.number, line.description, period, money(line.total)))


def _chosen(offered: list[T], wanted: list[str] | None) -> tuple[T, ...]:
    return tuple(each for each in offered if getattr(each, "public_id", "") in (wanted or []))


def defaults_of(escalation: Escalation) -> dict[str, Any]:
    """Give a case's present answers, to begin a revision with."""
    return {
        "facts": escalation.facts,
        "reason": escalation.reason.value,
        "reason_text": escalation.reason_text,
        "tried": escalation.tried,
        "tried_article": escalation.tried_article.slug if escalation.tried_article else "",
        "notes": [note.public_id for note in escalation.notes],
        "lines": [line.public_id for line in escalation.lines],
        "subscription": escalation.subscription.public_id if escalation.subscription else "",
        "attachments": [each.public_id for each in escalation.attachments],
        "severity": escalation.severity.value,
        "contact_name": escalation.contact_name,
        "contact_detail": escalation.contact_detail,
    }
