"""Seats by the day, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.billing.rules.cycles import Period, cycle_after, cycle_of
from helpdesk.billing.rules.proration import (
    ChangesUnordered,
    Part,
    SeatChange,
    SeatsNegative,
    charges_of_changes,
    full_fee,
    prorated,
    stretches,
)
from helpdesk.money import Money

JULY = Period(date(2026, 7, 15), date(2026, 8, 14))
AUGUST = Period(date(2026, 8, 15), date(2026, 9, 14))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PRICES = st.decimals(min_value=0, max_value=5000, places=4)


def test_the_worked_example_of_the_domain_comes_out_to_the_cent() -> None:
    changes = [SeatChange(date(2026, 7, 20), 12), SeatChange(date(2026, 7, 31), 18), SeatChange(date(2026, 8, 10), 10)]

    charges = charges_of_changes(JULY, prepaid_seats=15, changes=changes, unit_price=Decimal("11.00"), following=AUGUST)

    assert [(charge.part, charge.amount) for charge in charges] == [
        (Part.REVERSAL, Money(-16500)),
        (Part.PRORATED, Money(2661)),
        (Part.PRORATED, Money(4684)),
        (Part.PRORATED, Money(6387)),
        (Part.PRORATED, Money(1774)),
        (Part.PREPAID, Money(11000)),
    ]
    assert [charge.period.days for charge in charges[1:5]] == [5, 11, 10, 5]


def test_half_a_cent_is_rounded_up_and_for_a_refund_away_from_nothing() -> None:
    assert prorated(Decimal("0.01"), 1, days=1, cycle_days=2) == Money(1)
    assert prorated(Decimal("0.01"), -1, days=1, cycle_days=2) == Money(-1)


def test_a_day_of_yen_is_a_whole_number_of_yen() -> None:
    assert prorated(Decimal(1000), 1, days=1, cycle_days=30, currency="JPY") == Money(33, "JPY")


def test_several_changes_on_one_day_count_as_the_last() -> None:
    found = stretches(JULY, seats=5, changes=[SeatChange(JULY.start, 7), SeatChange(JULY.start, 9)])

    assert [(part.seats, part.period) for part in found] == [(9, JULY)]


@pytest.mark.parametrize("day", [date(2026, 7, 14), date(2026, 8, 15)])
def test_a_change_outside_the_cycle_is_refused(day: date) -> None:
    with pytest.raises(ChangesUnordered):
        stretches(JULY, seats=5, changes=[SeatChange(day, 7)])


def test_negative_seats_are_refused() -> None:
    with pytest.raises(SeatsNegative):
        stretches(JULY, seats=5, changes=[SeatChange(date(2026, 7, 20), -1)])


@given(day=DAYS, anchor=st.integers(1, 31))
def test_a_cycle_holds_its_day_and_the_next_begins_where_it_ends(day: date, anchor: int) -> None:
    cycle = cycle_of(day, anchor=anchor)

    assert day in cycle
    assert 28 <= cycle.days <= 31
    assert cycle_after(cycle, anchor=anchor).start == cycle.end + timedelta(days=1)
    assert cycle_of(cycle.end, anchor=anchor) == cycle


@st.composite
def changed_cycles(draw: st.DrawFn) -> tuple[Period, int, list[SeatChange]]:
    cycle = cycle_of(draw(DAYS), anchor=draw(st.integers(1, 31)))
    days = sorted(draw(st.lists(st.integers(0, cycle.days - 1), max_size=8)))
    changes = [SeatChange(cycle.start + timedelta(days=day), draw(st.integers(0, 500))) for day in days]
    return cycle, draw(st.integers(0, 500)), changes


@given(changed=changed_cycles(), price=PRICES)
def test_lines_sum_to_what_the_seats_cost_by_the_day(
    changed: tuple[Period, int, list[SeatChange]], price: Decimal
) -> None:
    cycle, seats, changes = changed
    seats_on = {}
    current = seats
    for offset in range(cycle.days):
        day = cycle.start + timedelta(days=offset)
        current = next((change.seats for change in reversed(changes) if change.on == day), current)
        seats_on[day] = current
    exact = sum((Fraction(price) * 100 * count / cycle.days for count in seats_on.values()), Fraction())

    charges = charges_of_changes(
        cycle, prepaid_seats=seats, changes=changes, unit_price=price, following=cycle_of(cycle.end, anchor=1)
    )

    lines = [charge for charge in charges if charge.part is Part.PRORATED]
    assert sum(line.period.days for line in lines) == cycle.days
    assert abs(sum(line.amount.minor for line in lines) - exact) <= Fraction(len(lines), 2)
    assert charges[0].amount == -full_fee(price, seats)
    assert charges[-1].seats == current


@given(day=DAYS, seats=st.integers(0, 9999), price=PRICES)
def test_a_whole_cycle_by_the_day_costs_the_whole_fee(day: date, seats: int, price: Decimal) -> None:
    cycle = cycle_of(day, anchor=15)

    assert prorated(price, seats, days=cycle.days, cycle_days=cycle.days) == full_fee(price, seats)
