"""What the pages of a case share: the blueprint, the partner's choices, and the way a form becomes a deed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, url_for
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.errors import DomainError
from helpdesk.escalations.models import Escalation
from helpdesk.escalations.queries import case_to_change
from helpdesk.escalations.rules import CasePolicy
from helpdesk.escalations.services import Calendars
from helpdesk.extensions import db, settings
from helpdesk.files.store import FileStore, file_store
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found
from helpdesk.workcalendar.current import current_calendar
from helpdesk.workcalendar.services import vnet_calendar

bp = Blueprint("escalations", __name__, url_prefix="/work")


def policy() -> CasePolicy:
    """What the partner chose about cases."""
    chosen = settings()
    return CasePolicy(
        partner_name=chosen.partner_name,
        approval_above=chosen.escalation_approval_above,
        new_agent_days=chosen.escalation_new_agent_days,
    )


def calendars() -> Calendars:
    """21Vianet's working time and ours."""
    zone = settings().partner_time_zone
    return Calendars(vnet=vnet_calendar(), partner=current_calendar(db.session, zone=zone))


def store() -> FileStore:
    """Where files are kept."""
    return file_store(settings())


def changing(public_id: str) -> Escalation:
    """Give the case to be changed, or 404."""
    return found(case_to_change(db.session, signed_in_user(), public_id))


def address_of(case: Escalation) -> str:
    """Give the address of a case's page."""
    return url_for("escalations.show", public_id=case.public_id)


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
