"""The new-ticket form: each topic asks for its own fields."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final, cast

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, Subscription
from helpdesk.limits import SUBJECT_MAX
from helpdesk.money import Money, NotAnAmount
from helpdesk.tickets.forms.custom import name_of, own_answers, with_own_fields
from helpdesk.tickets.forms.fields import (
    SelectChoice,
    SelectField,
    WordsForm,
    refuse,
    refuse_because,
    tidy_line_or_empty,
)
from helpdesk.tickets.models import CustomField, Topic
from helpdesk.tickets.queries.choices import invoices_to_choose, lines_to_choose, subscriptions_to_choose
from helpdesk.tickets.queries.fields import fields_to_ask
from helpdesk.tickets.rules.topics import AMOUNT, CONTEXT, INVOICE, LINE, SUBSCRIPTION, Asks, asks_of
from helpdesk.web.formatting import day, money

_ALL: Final = (LINE, INVOICE, SUBSCRIPTION, AMOUNT)
_LABELS: Final = {
    LINE: _l("Which charge"),
    INVOICE: _l("Which invoice"),
    SUBSCRIPTION: _l("Which subscription"),
}


class NewTicketForm(WordsForm):
    """Topic, the topic's own fields, subject, words, files; where the customer came from; the idempotency key."""

    key = HiddenField(default=lambda: secrets.token_hex(16))
    topic = HiddenField()
    q = HiddenField()
    article = HiddenField()
    notice = HiddenField()
    follows = HiddenField()
    line = SelectField(_LABELS[LINE], choices=[])
    invoice = SelectField(_LABELS[INVOICE], choices=[])
    subscription = SelectField(_LABELS[SUBSCRIPTION], choices=[])
    amount = StringField(_l("Amount"), filters=[tidy_line_or_empty])
    subject = StringField(
        _l("Subject"),
        filters=[tidy_line_or_empty],
        validators=[
            InputRequired(_l("Say in a few words what it is about.")),
            Length(max=SUBJECT_MAX, message=_l("Keep the subject under 200 characters.")),
        ],
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        user: User,
        asks: Asks,
        session: Session,
        own: Sequence[CustomField] = (),
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Offer what `user` may choose, and drop what the topic does not ask."""
        super().__init__(*args, **kwargs)
        self.asks = asks
        self.own = own
        self.answers: dict[CustomField, str] = {}
        self.currency = user.customer.currency if user.customer else "CNY"
        self.paid: Money | None = None
        self._offer(session, user)
        self.body.label.text = _("What happened")

    def _offer(self, session: Session, user: User) -> None:
        lines = lines_to_choose(session, user, to_dispute=LINE in self.asks.required) if self._asked(LINE) else []
        invoices = invoices_to_choose(session, user) if self._asked(INVOICE) else []
        subscriptions = subscriptions_to_choose(session, user) if self._asked(SUBSCRIPTION) else []
        self._lines = {line.public_id: line for line in lines}
        self._invoices = {invoice.number: invoice for invoice in invoices}
        self._subscriptions = {subscription.public_id: subscription for subscription in subscriptions}
        self._set(LINE, [_line_choice(line) for line in self._lines.values()])
        self._set(INVOICE, [_invoice_choice(invoice) for invoice in self._invoices.values()])
        self._set(SUBSCRIPTION, [_subscription_choice(each) for each in self._subscriptions.values()])
        if not self._asked(AMOUNT):
            del self.amount

    def _asked(self, name: str) -> bool:
        return name in self.asks.fields

    def _set(self, name: str, choices: list[SelectChoice]) -> None:
        """Offer `choices`, or drop the field where there is nothing to choose."""
        if not choices:
            delattr(self, name)
            return
        none = _("Choose…") if self.is_required(name) else _("No particular one")
        self[name].choices = [SelectChoice("", none), *choices]

    def is_required(self, name: str) -> bool:
        """Whether the topic insists on the field."""
        return name in self.asks.required

    @property
    def own_fields(self) -> list[str]:
        """Names of the topic's fields that are on the page, in order."""
        return [name for name in self.asks.fields if name in self]

    def own_controls(self) -> list[tuple[CustomField, Any]]:
        """The partner's own fields of the topic, each with its control."""
        return [(field, self[name_of(field)]) for field in self.own]

    @property
    def missing_choice(self) -> bool:
        """Whether the topic would ask for something that this person cannot choose."""
        return any(name not in self for name in self.asks.required if name != AMOUNT)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the topic's own fields too."""
        good: bool = super().validate(extra_validators)
        for name in self.own_fields:
            if self.is_required(name) and not self[name].data:
                good = refuse(self[name], _("This topic needs it."))
        answers = own_answers(self, self.own, currency=self.currency)
        self.answers = answers or {}
        return self._amount_is_good() and good and answers is not None and self._subject_is_good()

    def _subject_is_good(self) -> bool:
        return bool(self.subject.data) or refuse(self.subject, _("Say in a few words what it is about."))

    def _amount_is_good(self) -> bool:
        if AMOUNT not in self or not self.amount.data:
            return True
        try:
            self.paid = Money.parse(self.amount.data, self.currency)
        except NotAnAmount as error:
            refuse_because(self.amount, error)
            return False
        return self.paid.minor > 0 or refuse(self.amount, _("Give an amount above zero."))

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as `open_ticket` takes it."""
        return {
            "line": self._lines.get(self._value(LINE)),
            "invoice": self._invoices.get(self._value(INVOICE)),
            "subscription": self._subscriptions.get(self._value(SUBSCRIPTION)),
            "amount": self.paid,
        }

    def _value(self, name: str) -> str:
        return str(self[name].data or "") if name in self else ""


def new_ticket_form(session: Session, user: User, topic: Topic, **prefill: str) -> NewTicketForm:
    """The form for `topic`, filled from what was sent or else from `prefill`."""
    brought = {name for name in CONTEXT if prefill.get(name) or request.form.get(name)}
    own = fields_to_ask(session, user, topic)
    kind = cast("type[NewTicketForm]", with_own_fields(NewTicketForm, own))
    form = kind(user=user, asks=asks_of(topic, brought=brought), session=session, own=own, data=prefill)
    form.topic.data = topic.value
    return form


def _line_choice(line: InvoiceLine) -> SelectChoice:
    group = _("Invoice %(number)s of %(day)s", number=line.invoice.number, day=day(line.invoice.issued_on))
    product = line.subscription.offer_name if line.subscription else line.description
    label = f"{product} · {day(line.charge_start)} – {day(line.charge_end)} · {money(line.total)}"
    return SelectChoice(line.public_id, label, optgroup=group)


def _invoice_choice(invoice: Invoice) -> SelectChoice:
    issued, due = day(invoice.issued_on), day(invoice.due_on)
    label = _("%(number)s of %(issued)s, due %(due)s", number=invoice.number, issued=issued, due=due)
    return SelectChoice(invoice.number, label)


def _subscription_choice(subscription: Subscription) -> SelectChoice:
    return SelectChoice(subscription.public_id, f"{subscription.offer_name} · {subscription.portal_subscription_id}")
