"""What the partner's collections pages share: the blueprint, the calendar, and the way a form becomes a deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Blueprint
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.models import Customer
from helpdesk.collections.models import SuspensionCase
from helpdesk.collections.queries.desk import case_visible, customer_for_desk
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found
from helpdesk.workcalendar.current import current_calendar
from helpdesk.workcalendar.rules import WorkCalendar

T = TypeVar("T")
desk: Final = Blueprint("collections_desk", __name__, url_prefix="/work/collections")


def calendar() -> WorkCalendar:
    """The partner's working days."""
    return current_calendar(db.session, zone=settings().partner_time_zone)


def customer_of(public_id: str) -> Customer:
    """One customer, or 404."""
    return found(customer_for_desk(db.session, signed_in_user(), public_id))


def case_of(public_id: str) -> SuspensionCase:
    """One case, or 404."""
    return found(case_visible(db.session, signed_in_user(), public_id))


def done(form: FlaskForm, deed: Callable[[], object]) -> bool:
    """Do `deed` with a valid form and commit; else leave the reason on the form, with all that was typed."""
    if not form.validate_on_submit():
        return False
    try:
        deed()
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True


def given(value: T | None) -> T:
    """What a checked form surely holds."""
    if value is None:
        msg = "the form was not checked"
        raise RuntimeError(msg)
    return value
