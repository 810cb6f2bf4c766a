"""What seats cost by the day. Rounding: each line by itself, half up, to the currency's smallest unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from helpdesk.billing.rules.cycles import Period
from helpdesk.errors import DomainError
from helpdesk.money import MINOR_DIGITS, Money


class SeatsNegative(DomainError):
    """A number of seats cannot be negative."""


class ChangesUnordered(DomainError):
    """Changes of seats must be in order of their days and lie inside the billing cycle."""


@dataclass(frozen=True, slots=True)
class SeatChange:
    """From this day on there are so many seats."""

    on: date
    seats: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row with one number of seats."""

    period: Period
    seats: int


class Part(StrEnum):
    """The three kinds of line that a change of seats gives."""

    REVERSAL = "reversal"
    PRORATED = "prorated"
    PREPAID = "prepaid"


@dataclass(frozen=True, slots=True)
class Charge:
    """One line: what it is for and what it comes to, before discount and tax."""

    part: Part
    seats: int
    period: Period
    amount: Money


def full_fee(unit_price: Decimal, seats: int, *, currency: str = "CNY") -> Money:
    """What `seats` cost for a whole cycle at `unit_price` (major units a seat a month)."""
    return Money.of(unit_price * seats, currency)


def prorated(unit_price: Decimal, seats: int, *, days: int, cycle_days: int, currency: str = "CNY") -> Money:
    """What `seats` cost for `days` of a cycle of `cycle_days` days, rounded half up as one line.

    Exact up to that one rounding: it divides once, on integers.
    """
    minor = unit_price.scaleb(MINOR_DIGITS.get(currency, 2)) * seats * days
    numerator, denominator = minor.as_integer_ratio()
    return Money(_half_up(numerator, denominator * cycle_days), currency)


def _half_up(numerator: int, denominator: int) -> int:
    """Divide integers; a half goes away from zero, as in bookkeeping."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def stretches(cycle: Period, *, seats: int, changes: Sequence[SeatChange]) -> list[Stretch]:
    """Cut a cycle that began with `seats` at each change; several on one day: the last counts.

    Raises `SeatsNegative`, `ChangesUnordered`.
    """
    _check(cycle, seats, changes)
    seats_from = {cycle.start: seats} | {change.on: change.seats for change in changes}
    starts = sorted(seats_from)
    ends = [start - timedelta(days=1) for start in starts[1:]] + [cycle.end]
    return [Stretch(Period(start, end), seats_from[start]) for start, end in zip(starts, ends, strict=True)]


def _check(cycle: Period, seats: int, changes: Sequence[SeatChange]) -> None:
    if seats < 0 or any(change.seats < 0 for change in changes):
        raise SeatsNegative
    days = [change.on for change in changes]
    if days != sorted(days) or any(day not in cycle for day in days):
        raise ChangesUnordered


def charges_of_changes(
    cycle: Period,
    *,
    prepaid_seats: int,
    changes: Sequence[SeatChange],
    unit_price: Decimal,
    following: Period,
    currency: str = "CNY",
) -> list[Charge]:
    """The lines after seats changed in `cycle`: the reversal, each stretch by the day, the next month ahead.

    Source: domain, Money, "A change of seats in mid-term".
    """
    parts = stretches(cycle, seats=prepaid_seats, changes=changes)
    charges = [Charge(Part.REVERSAL, prepaid_seats, cycle, -full_fee(unit_price, prepaid_seats, currency=currency))]
    charges += [
        Charge(
            Part.PRORATED,
            part.seats,
            part.period,
            prorated(unit_price, part.seats, days=part.period.days, cycle_days=cycle.days, currency=currency),
        )
        for part in parts
    ]
    seats_now = parts[-1].seats
    charges.append(Charge(Part.PREPAID, seats_now, following, full_fee(unit_price, seats_now, currency=currency)))
    return charges
