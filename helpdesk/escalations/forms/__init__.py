"""The forms of a case."""

from helpdesk.escalations.forms.case import (
    AnswerForm,
    AskAgainForm,
    ContactForm,
    FilingForm,
    SendBackForm,
    WithdrawForm,
)
from helpdesk.escalations.forms.gate import GateForm

__all__ = ["AnswerForm", "AskAgainForm", "ContactForm", "FilingForm", "GateForm", "SendBackForm", "WithdrawForm"]
