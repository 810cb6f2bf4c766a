"""The lines of an invoice come by the page, those of a subscription together."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.billing.queries.lines import lines_page
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owners=st.lists(st.integers(0, 4), max_size=25), size=st.integers(1, 8))
def test_the_pages_together_are_all_lines_once_with_whole_subtotals(
    session: Session, cast: Cast, now: datetime, owners: list[int], size: int
) -> None:
    with session.begin_nested() as undone:
        subscriptions = [None, *(add_subscription(session, cast.lanting) for _ in range(4))]
        lines = [
            make_line(subscription=subscriptions[owner], amount=100 + place, position=place)
            for place, owner in enumerate(owners)
        ]
        invoice = add_invoice(session, cast.lanting, now=now, lines=lines)

        pages = [lines_page(session, invoice, page=number, size=size) for number in range(1, len(owners) // size + 3)]

        shown = [row for page in pages for row in page.rows]
        order = sorted(range(len(owners)), key=lambda place: (owners.index(owners[place]), place))
        assert [line.position for line, _total in shown] == order
        assert [len(page.rows) for page in pages if page.has_more] == [size] * ((len(owners) - 1) // size)
        for line, total in shown:
            same = [each.total_minor for each in lines if each.subscription is line.subscription]
            assert total == sum(same)
        undone.rollback()
