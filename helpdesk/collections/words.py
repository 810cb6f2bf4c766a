"""What a notice says in two sentences, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.collections.models import StageKind, SuspensionCase, SuspensionReason
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
    sentence = advice(urgency, shows_money=shows_money)
    if others:
        sentence += " " + ngettext("%(num)d more notice is in force.", "%(num)d more notices are in force.", others)
    url = url_for("collections.notice", public_id=urgency.public_id)
    return Banner(headline(urgency, today=today), sentence, url)


def suspension_banner(case: SuspensionCase, *, others: int = 0) -> Banner:
    """The banner of a suspension that no notice tells."""
    on = case.data_deleted_on
    values = {"product": case.subscription.offer_name, "day": day(on), "when": days_until(on) if on else ""}
    sentence = _why(case)
    if others:
        sentence += " " + ngettext("%(num)d more notice is in force.", "%(num)d more notices are in force.", others)
    url = url_for("collections.suspension", public_id=case.public_id)
    title = str(_("“%(product)s” is suspended. Its data is deleted on %(day)s (%(when)s).", **values))
    return Banner(title, sentence, url)


def _why(case: SuspensionCase) -> str:
    if case.was_overtaken:
        return str(_("It should not have happened. We are having it reactivated."))
    if case.reason is SuspensionReason.CUSTOMER_REQUEST:
        return str(_("You asked for it. Tell us when you want it back."))
    return str(_("We are looking into how it was used."))


def headline(urgency: Urgency, *, today: date) -> str:
    """What will happen, to what, on which day."""
    on = urgency.data_deleted_on if urgency.suspended else urgency.access_changes_on
    values = {"product": urgency.product, "day": day(on), "when": days_until(on)}
    if urgency.suspended:
        return str(_("“%(product)s” is suspended. Its data is deleted on %(day)s (%(when)s).", **values))
    if urgency.access_changes_on <= today:
        return str(_("“%(product)s” may be suspended any day: an invoice is overdue.", product=urgency.product))
    if urgency.stage in {StageKind.REMINDER, StageKind.SECOND_REMINDER}:
        return str(_("An invoice for “%(product)s” is overdue. Access may change on %(day)s (%(when)s).", **values))
    return str(_("“%(product)s” will be suspended on %(day)s (%(when)s): an invoice is overdue.", **values))


def advice(urgency: Urgency, *, shows_money: bool) -> str:
    """What to do about it, for somebody who sees amounts and for somebody who does not."""
    if urgency.suspended and urgency.disputed and not urgency.due:
        return str(_("What is left of the amount is in dispute; you hear from us in the ticket."))
    if urgency.suspended and not urgency.due:
        return str(_("Your payment is booked. We are having the subscription reactivated."))
    if not shows_money:
        return str(_("Please tell the billing contact of your organisation."))
    amount = money(urgency.due)
    return str(_("To pay: %(amount)s. Pay it, send proof of payment, or dispute what is wrong.", amount=amount))
