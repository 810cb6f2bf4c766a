"""What a notice says in one line, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.collections.models import StageKind
from helpdesk.collections.queries import Urgency
from helpdesk.web.formatting import day, days_until, money


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above every page while something is pending."""

    headline: str
    sentence: str
    url: str


def banner(urgency: Urgency, *, today: date, shows_money: bool, others: int = 0) -> Banner:
    """The banner of the most urgent notice; `others` more are counted."""
    sentence = _advice(urgency, shows_money=shows_money)
    if others:
        sentence += " " + ngettext("There is %(num)d more notice.", "There are %(num)d more notices.", others)
    return Banner(
        headline=headline(urgency, today=today),
        sentence=sentence,
        url=url_for("collections.notice", public_id=urgency.public_id),
    )


def headline(urgency: Urgency, *, today: date) -> str:
    """What will happen, to what, on which day."""
    access, deletion = urgency.access_changes_on, urgency.data_deleted_on
    if urgency.suspended:
        return str(
            _(
                "“%(product)s” is suspended. Its data is deleted on %(day)s (%(when)s).",
                product=urgency.product,
                day=day(deletion),
                when=days_until(deletion),
            )
        )
    if access < today:
        return str(_("“%(product)s” may be suspended any day, because an invoice is overdue.", product=urgency.product))
    certain = urgency.stage not in {StageKind.REMINDER, StageKind.SECOND_REMINDER}
    values = {"product": urgency.product, "day": day(access), "when": days_until(access)}
    if certain:
        return str(_("“%(product)s” will be suspended on %(day)s (%(when)s), because an invoice is overdue.", **values))
    return str(_("An invoice for “%(product)s” is overdue. Access may change on %(day)s (%(when)s).", **values))


def _advice(urgency: Urgency, *, shows_money: bool) -> str:
    if not shows_money:
        return str(_("Please tell the billing contact of your organisation."))
    return str(
        _(
            "%(amount)s is to be paid. Pay it, send us proof of payment, or dispute what is wrong.",
            amount=money(urgency.due),
        )
    )
