"""What people fill in on the billing pages."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, DecimalField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation

from helpdesk.billing.labels import IMPORT_KINDS
from helpdesk.billing.rules.proofs import ProofMissing
from helpdesk.errors import DomainError
from helpdesk.files.uploads import CheckedFile, checked_uploads
from helpdesk.money import Money, NotAnAmount
from helpdesk.web.errors import sentence_of

_PERCENT: Final = _l("Enter a number like 12.5.")
_DAY = _l("Enter a day, like 2026-11-30.")


def refuse(field: Any, sentence: str) -> None:  # noqa: ANN401 - any field
    """Put a refusal at its field."""
    field.errors = [*field.errors, sentence]


def refuse_because(field: Any, error: DomainError) -> None:  # noqa: ANN401 - any field
    """The same for a refusal of the domain."""
    refuse(field, sentence_of(error))


class DayField(DateField):  # type: ignore[misc, unused-ignore] # WTForms
    """A day, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_DAY) from error

    @property
    def day(self) -> date:
        """The day of a form that was found good."""
        if self.data is None:
            raise ValueError(_DAY)
        return self.data


class AmountField(StringField):
    """An amount as people write it; `money` is it."""

    money: Money | None = None

    def __init__(self, *args: Any, currency: str = "CNY", **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Amounts are of one currency."""
        super().__init__(*args, **kwargs)
        self.currency = currency

    @property
    def amount(self) -> Money:
        """The amount of a form that was found good."""
        if self.money is None:
            raise NotAnAmount(text=self.data or "")
        return self.money

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what is no amount."""
        del form
        try:
            self.money = Money.parse(self.data or "", self.currency)
        except NotAnAmount as error:
            raise StopValidation(sentence_of(error)) from error


class SlipField(FileField):
    """One file, looked at when the form is checked; `checked` is it."""

    checked: CheckedFile | None = None

    @property
    def file(self) -> CheckedFile:
        """The file of a form that was found good."""
        if self.checked is None:
            raise ProofMissing
        return self.checked

    def pre_validate(self, form: FlaskForm) -> None:
        """Look at the file."""
        del form
        try:
            found = checked_uploads([self.data] if self.data else [])
        except DomainError as refusal:
            raise StopValidation(sentence_of(refusal)) from refusal
        if not found or not found[0].content_type.startswith(("application/pdf", "image/")):
            raise StopValidation(sentence_of(ProofMissing()))
        self.checked = found[0]


class ProofForm(FlaskForm):
    """A bank slip with what it says."""

    amount = AmountField(_l("Amount paid"))
    paid_on = DayField(_l("Paid on"), validators=[InputRequired(_DAY)])
    reference = StringField(_l("Reference of the transfer"), validators=[Length(max=120)])
    slip = SlipField(_l("Bank slip"))

    def __init__(self, currency: str, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Amounts are in the invoice's currency."""
        super().__init__(**kwargs)
        self.amount.currency = currency


class PaymentForm(FlaskForm):
    """What came in."""

    amount = AmountField(_l("Amount received"))
    on = DayField(_l("Received on"), validators=[InputRequired(_DAY)])
    reference = StringField(_l("Reference"), validators=[Length(max=120)])
    so_much = BooleanField(_l("Where it is more than is outstanding: so much came in"))

    def __init__(self, outstanding: Money, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Amounts are in the currency of what is outstanding."""
        super().__init__(**kwargs)
        self._outstanding, self.amount.currency = outstanding, outstanding.currency

    @property
    def most(self) -> Money | None:
        """The most that is booked without a word; None where somebody confirmed that more came in."""
        return None if self.so_much.data else self._outstanding

    @property
    def values(self) -> dict[str, Any]:
        """What is booked, as `record_payment` and `accept_proof` take it."""
        return {
            "amount": self.amount.amount,
            "on": self.on.day,
            "reference": self.reference.data or "",
            "most": self.most,
        }


class DeclineForm(FlaskForm):
    """Why not."""

    reason = TextAreaField(
        _l("What the customer reads"),
        validators=[
            InputRequired(_l("Tell the customer in a sentence why the proof does not settle the invoice.")),
            Length(max=1000, message=_l("Keep it under 1,000 characters.")),
        ],
    )


class UploadForm(FlaskForm):
    """A file to look at, of which kind it is, and when 21Vianet billed it."""

    kind = RadioField(_l("What is in the file"), default="license", validate_choice=False)
    file = FileField(_l("File"))
    billed_on = DayField(_l("Billing date of 21Vianet"), validators=[InputRequired(_DAY)])

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Offer the kinds."""
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind.value, str(label)) for kind, label in IMPORT_KINDS.items()]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """A kind and a file there must be."""
        good: bool = super().validate(extra_validators)
        if self.kind.data not in {kind.value for kind in IMPORT_KINDS}:
            refuse(self.kind, _("Choose one of the list."))
            good = False
        if not self.file.data or not getattr(self.file.data, "filename", ""):
            refuse(self.file, _("Choose the file that you exported."))
            good = False
        return good


class WantForm(FlaskForm):
    """What shall become of a checked file."""

    skip_bad = BooleanField(_l("Take the good rows in without the bad ones"))
    earlier = RadioField(_l("The earlier file"), default="replace", validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Offer both ways."""
        super().__init__(**kwargs)
        self.earlier.choices = [
            SelectChoice("replace", _("This file takes its place: charges that differ or are gone no longer count")),
            SelectChoice("keep", _("Keep it: what differs is added beside it")),
        ]


class PercentField(DecimalField):  # type: ignore[misc, unused-ignore] # WTForms
    """A number of percent, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_PERCENT) from error


class MarkupForm(FlaskForm):
    """A markup in percent."""

    offer_id = HiddenField()
    percent = PercentField(
        _l("Markup in percent"),
        places=2,
        validators=[
            InputRequired(_PERCENT),
            NumberRange(-100, 1000, message=_l("Enter a number between -100 and 1,000.")),
        ],
    )


class MakeForm(FlaskForm):
    """When the invoices are dated."""

    issued_on = DayField(_l("Invoice date"), validators=[InputRequired(_DAY)])
    due_on = DayField(_l("Due on"), validators=[InputRequired(_DAY)])
