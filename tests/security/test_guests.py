"""Somebody from outside the organisation, invited to one ticket: what opens, what stays shut, and what is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from helpdesk.clock import utc_now
from helpdesk.tickets.models import TicketGuest
from helpdesk.tickets.services import end_guest
from tests.browse import Page
from tests.security.house import ANONYMOUS, House
from tests.security.matrix import outcome_of, rows
from tests.security.test_access_matrix import path_of
from tests.security.test_canaries import caught

NOT_HIS = ("guest.arrive", "guest.ask", "guest.file", "guest.leave", "guest.show")


@pytest.fixture
def visitor(house: House) -> Iterator[FlaskClient]:
    """A browser in which the invitation to the contact's ticket was accepted."""
    with house.undone():
        client = house.app.test_client()
        path = house.path("guest.arrive", house.objects["guest's link"], "POST")
        answer = client.post(path, data={"name": "Ma Lin"})
        assert answer.status_code == 302
        yield client


def page_of(house: House) -> str:
    return house.path("guest.show", house.objects["guest's page"])


def test_a_guest_reads_the_one_ticket_and_no_canary_of_the_house_or_of_others(
    house: House, visitor: FlaskClient
) -> None:
    answer = visitor.get(page_of(house))
    page = Page(answer.get_data(as_text=True))

    assert answer.status_code == 200
    assert "Why is it more than last month?" in page.text
    assert caught(answer) == set()
    assert "An internal note" not in page.text
    assert "@lanting.example" not in page.text
    assert "INV-" not in page.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_every_other_route_treats_a_guest_as_nobody(house: House, visitor: FlaskClient) -> None:
    wrong = []
    for row in rows():
        if row.endpoint not in NOT_HIS:
            with house.undone():
                answer = visitor.open(path_of(house, row), method=row.method, buffered=True)
            if outcome_of(answer) != row.outcome[ANONYMOUS]:
                wrong.append((row.endpoint, row.method, row.object, answer.status_code))

    assert wrong == []


def test_a_guest_gets_the_files_of_public_messages_and_of_no_others(house: House, visitor: FlaskClient) -> None:
    guest = house.objects["guest's page"]["public_id"]

    def status(name: str) -> int:
        address = f"/guest/{guest}/files/{house.objects[name]['public_id']}"
        return visitor.get(address, buffered=True).status_code

    assert status("file of contact") == 200
    for other in ("internal file at contact", "file of member", "file of other", "internal file at other"):
        assert status(other) == 404


def test_what_is_taken_back_is_shut_with_the_next_request(house: House, visitor: FlaskClient) -> None:
    ours = TicketGuest.public_id == house.objects["guest's page"]["public_id"]
    guest = house.session.scalars(sa.select(TicketGuest).where(ours)).one()
    end_guest(house.session, guest, by=house.person("contact"), now=utc_now())
    house.session.commit()

    file = house.path("guest.file", house.objects["guest's file"])
    assert [visitor.get(path).status_code for path in (page_of(house), file)] == [404, 404]
    assert visitor.post(page_of(house), data={"body": "Still here?"}).status_code == 404
    assert visitor.post(f"{page_of(house)}/link").status_code == 404


def test_a_link_is_not_used_up_by_a_scanner_that_opens_it(house: House) -> None:
    path = house.path("guest.arrive", house.objects["guest's link"])
    with house.undone():
        scanner, person = house.app.test_client(), house.app.test_client()
        for method in ("HEAD", "GET", "GET"):
            assert scanner.open(path, method=method).status_code == 200
        assert scanner.get(page_of(house)).status_code == 401

        assert person.post(path, data={"name": "Ma Lin"}).status_code == 302
        assert person.get(page_of(house)).status_code == 200
        assert scanner.post(path, data={"name": "Ma Lin"}).status_code == 404


def test_the_invitation_page_tells_no_word_of_the_ticket(house: House) -> None:
    answer = house.knock(ANONYMOUS, "GET", house.path("guest.arrive", house.objects["guest's link"]))
    text = answer.get_data(as_text=True)

    assert "Why is it more" not in text
    assert "A question of" not in text
    assert caught(answer) == set()
