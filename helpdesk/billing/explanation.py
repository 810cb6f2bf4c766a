"""“What is this?”: a line in plain words, with its arithmetic worked out, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.billing.labels import CHARGE_NAMES, CHARGE_WORDS
from helpdesk.billing.models import InvoiceLine
from helpdesk.billing.rules.cycles import Period
from helpdesk.billing.rules.recompute import Method, Recomputed, recompute, recompute_usage
from helpdesk.money import Money
from helpdesk.web.formatting import day, money


@dataclass(frozen=True, slots=True)
class Step:
    """One line of arithmetic: what it is, how it is reckoned, what it comes to."""

    words: str
    formula: str
    result: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that the page says about a line."""

    title: str
    documented_name: str
    """How 21Vianet's file calls the charge."""
    words: str
    steps: tuple[Step, ...]
    charged: Money
    """Before discount and tax."""
    recomputed: Money | None
    """The same worked out again; None where the file does not say how it came about."""
    verdict: str

    @property
    def difference(self) -> Money | None:
        """Charged less recomputed: positive when too much was charged."""
        return None if self.recomputed is None else self.charged - self.recomputed

    @property
    def differs(self) -> bool:
        """Whether the charge and our reckoning disagree."""
        return bool(self.difference)


def explain_line(line: InvoiceLine) -> Explanation:
    """Explain one charge; needs its invoice, and its subscription where there is one. Pure but for the language."""
    charged = Money(line.amount_minor, line.invoice.currency)
    again = _again(line, charged)
    return Explanation(
        title=str(CHARGE_NAMES[line.charge_type]),
        documented_name=line.charge_type.value,
        words=str(CHARGE_WORDS[line.charge_type]),
        steps=(*_fee_steps(line, again), *_odd_steps(charged, again), *_sum_steps(line)),
        charged=charged,
        recomputed=again.amount if again else None,
        verdict=_verdict(charged, again),
    )


def _again(line: InvoiceLine, charged: Money) -> Recomputed | None:
    """The charge worked out from the line's own figures; a marked-up price was rounded before and after the markup."""
    if line.used is not None:
        reckoned = None if line.reckoned_minor is None else Money(line.reckoned_minor, charged.currency)
        return recompute_usage(used=line.used, unit_price=line.unit_price, reckoned=reckoned, currency=charged.currency)
    again = recompute(
        line.charge_type,
        seats=line.quantity,
        unit_price=line.unit_price,
        period=Period(line.charge_start, line.charge_end),
        anchor=line.subscription.term_start.day if line.subscription else None,
        currency=charged.currency,
    )
    if again is None or line.reckoned_minor is None:
        return again
    reckoned = Money(line.reckoned_minor, charged.currency)
    return replace(again, amount=reckoned, rounding=reckoned - again.amount)


def _fee_steps(line: InvoiceLine, again: Recomputed | None) -> list[Step]:
    if again is None:
        return [Step(_("Amount as it was given"), "", money(Money(line.amount_minor, line.invoice.currency)))]
    if again.used is not None:
        return _usage_steps(line, again, again.used)
    seats = ngettext("%(num)d seat", "%(num)d seats", again.seats)
    whole = f"{again.seats} × {plain(again.unit_price)}"
    if again.cycle is None:
        return _rounded([Step(_("%(seats)s for the whole month", seats=seats), whole, money(_exact(again)))], again)
    days = Period(line.charge_start, line.charge_end).days
    minus = "−" if again.method is Method.REFUND else ""
    formula = f"{whole} ÷ {again.cycle.days} × {days}"
    words = _(
        "%(seats)s on %(days)d of the %(cycle)d days from %(start)s to %(end)s",
        seats=seats,
        days=days,
        cycle=again.cycle.days,
        start=day(again.cycle.start),
        end=day(again.cycle.end),
    )
    return _rounded([Step(words, f"−({formula})" if minus else formula, money(_exact(again)))], again)


def _exact(again: Recomputed) -> Money:
    """The charge before what rounding made of it."""
    return again.amount - again.rounding if again.rounding else again.amount


def _rounded(steps: list[Step], again: Recomputed) -> list[Step]:
    return [*steps, Step(_("Rounding"), "", money(again.rounding))] if again.rounding else steps


def _usage_steps(line: InvoiceLine, again: Recomputed, used: Decimal) -> list[Step]:
    """The quantity times its price, and what rounding the price and each charge by itself makes of it."""
    words = _("Used beyond the included quantity, times the price")
    formula = f"{plain(used)} × {plain(again.unit_price)}"
    charges = line.charges or 1
    if not again.rounding:
        return [Step(words, formula, money(again.amount))]
    rounded = _("Rounding of %(count)s charges, each by itself", count=charges)
    if charges == 1:
        rounded = _("The price has more decimal places than are shown here")
    return [
        Step(words, formula, money(again.amount - again.rounding)),
        Step(rounded, "", money(again.rounding)),
    ]


def _odd_steps(charged: Money, again: Recomputed | None) -> list[Step]:
    """What was charged and is not reckoned, so that the steps add up to the line."""
    if again is None or charged == again.amount:
        return []
    return [Step(_("What this calculation does not explain"), "", money(charged - again.amount))]


def _sum_steps(line: InvoiceLine) -> list[Step]:
    """From the charge to what the line costs."""
    currency = line.invoice.currency
    steps = []
    if line.discount_minor:
        steps.append(Step(_("Less the discount"), "", money(Money(-line.discount_minor, currency))))
    if line.tax_minor:
        steps.append(Step(_("Tax"), "", money(Money(line.tax_minor, currency))))
    return [*steps, Step(_("This line"), "", money(line.total))]


def _verdict(charged: Money, again: Recomputed | None) -> str:
    """Say whether the charge agrees with our own reckoning."""
    if again is None:
        return str(_("Only the amount was given, and not how it came about, so there is nothing to work out again."))
    difference = charged - again.amount
    if not difference:
        return str(_("We worked it out again and come to the same amount."))
    size = money(max(difference, -difference))
    ours, theirs = money(again.amount), money(charged)
    if difference.minor > 0:
        return str(
            _("We come to %(ours)s, and %(theirs)s was charged: %(size)s more.", ours=ours, theirs=theirs, size=size)
        )
    return str(
        _("We come to %(ours)s, and %(theirs)s was charged: %(size)s less.", ours=ours, theirs=theirs, size=size)
    )


def plain(price: Decimal) -> str:
    """A unit price with at least two decimal places and no more than it has."""
    text = f"{price:f}"
    whole, _dot, places = text.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"
