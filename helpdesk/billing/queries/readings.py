"""Reading Partner Center, for the page that shows it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from helpdesk.billing.models.readings import READING_ID, PartnerCenterReading


def partner_center_reading(session: Session) -> PartnerCenterReading | None:
    """How the reading stands; None before the first one."""
    return session.get(PartnerCenterReading, READING_ID)
