"""How reading Partner Center stands, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.billing.models import PartnerCenterReading
from helpdesk.billing.queries.readings import partner_center_reading
from helpdesk.billing.views.desk.shared import said
from helpdesk.extensions import db, settings
from helpdesk.web.formatting import number, timestamp


@dataclass(frozen=True, slots=True)
class ReadingSheet:
    """What the page says about it."""

    is_on: bool
    row: PartnerCenterReading | None
    every_hours: int

    @property
    def problem(self) -> str:
        """Why the last one failed, in the reader's language."""
        return said(self.row.problem) if self.row and self.row.problem else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The last one, what it read, and the next one."""
        row = self.row
        if row is None:
            return [(_("Next reading"), _("within a minute"))]
        found = [(_("Last tried"), self._last(row))]
        if row.done_at is not None:
            found += [(_("Last read to its end"), timestamp(row.done_at)), (_("Read then"), _read(row.figures))]
        return [*found, (_("Next reading"), self._next(row))]

    def _last(self, row: PartnerCenterReading) -> str:
        if row.worker:
            return str(_("being read now"))
        return timestamp(row.ended_at)

    def _next(self, row: PartnerCenterReading) -> str:
        every = ngettext("every %(num)d hour", "every %(num)d hours", self.every_hours)
        return timestamp(row.next_at) + f" ({every})"


def _read(figures: Mapping[str, int]) -> str:
    """What was read, and what of it was new; then what was left out, where something was."""
    parts = [
        _counted(_("Customers"), figures, "customers", "new_customers"),
        _counted(_("Subscriptions"), figures, "subscriptions", "new_subscriptions"),
        _counted(_("Invoices of 21Vianet"), figures, "invoices", "new"),
    ]
    left = [(_("left out"), "skipped"), (_("customers that Partner Center does not show us"), "refused")]
    parts += [f"{label}: {number(figures[name])}" for label, name in left if figures.get(name)]
    return " · ".join(parts)


def _counted(label: str, figures: Mapping[str, int], every: str, new: str) -> str:
    count, fresh = number(figures[every]), number(figures[new])
    return str(_("%(label)s: %(count)s, %(new)s new", label=label, count=count, new=fresh))


def reading_sheet() -> ReadingSheet:
    """How it stands now."""
    here = settings()
    is_on = here.partner_center_api == "on"
    return ReadingSheet(is_on, partner_center_reading(db.session), here.partner_center_every_hours)
