"""A case: its packet, its record, its thread, and the next step."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.escalations import labels
from helpdesk.escalations.forms import (
    AnswerForm,
    AskAgainForm,
    ContactForm,
    FilingForm,
    SendBackForm,
    WithdrawForm,
)
from helpdesk.escalations.forms.fields import on_the_clock
from helpdesk.escalations.forms.gate import defaults_of
from helpdesk.escalations.models import (
    AT_21VIANET,
    Channel,
    ContactEffect,
    Direction,
    Escalation,
    EscalationState,
    Outcome,
)
from helpdesk.escalations.packets import grouped
from helpdesk.escalations.queries import visible_case
from helpdesk.escalations.queries.history import time_split_of
from helpdesk.escalations.rules import TRANSITIONS, next_check
from helpdesk.escalations.services import (
    Said,
    ask_again,
    close_case,
    log_contact,
    record_answer,
    record_filing,
    withdraw,
)
from helpdesk.escalations.views.shared import address_of, bp, calendars, changing, done, store
from helpdesk.extensions import db, settings
from helpdesk.files.uploads import checked_uploads
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires

_ = _
