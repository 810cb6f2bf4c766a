"""The report of loops closed, and whom an agent copies in."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.services import confirm
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import HOUR, opened, resolved


def test_a_lead_reads_how_many_loops_were_closed(browse: Browse, session: Session, cast: Cast) -> None:
    now = utc_now()
    confirm(session, resolved(session, cast, now - 3 * HOUR), by=cast.wang_fang, now=now)
    resolved(session, cast, now - 3 * HOUR)

    page = browse.sign_in(cast.mei).get("/work/desk/loops")

    assert "50%" in page.text
    assert "of 2 resolutions" in page.text
    assert "(1/2)" in page.text


def test_without_a_resolution_the_page_says_so(browse: Browse, cast: Cast) -> None:
    assert "Nothing resolved yet" in browse.sign_in(cast.mei).get("/work/desk/loops").text


def test_the_table_can_be_taken_along(browse: Browse, client: FlaskClient, session: Session, cast: Cast) -> None:
    now = utc_now()
    confirm(session, resolved(session, cast, now - 3 * HOUR), by=cast.wang_fang, now=now)
    browse.sign_in(cast.mei)

    response = client.get("/work/desk/loops.csv")

    head, row = response.get_data(as_text=True).splitlines()
    assert head.startswith("\ufeffMonth,Topic,Resolved,Confirmed by the customer,")
    assert row.endswith(",1,1,0,0,0,0,1.000")
    assert response.headers["Content-Disposition"] == 'attachment; filename="loops-closed.csv"'


def test_the_report_is_for_leads(browse: Browse, cast: Cast) -> None:
    for person in (cast.tom, cast.wang_fang):
        browse.sign_in(person).get("/work/desk/loops", status=403)
        browse.get("/work/desk/loops.csv", status=403)


def test_an_agent_copies_a_colleague_in_who_then_sees_the_ticket_and_is_told(
    tom: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    place = f"/work/tickets/{ticket.ref}/people"
    before = tom.get(place)

    after = tom.post(place, {"copy-person": cast.li_na.public_id})

    assert cast.li_na.name in before.text
    assert f"Everybody of {cast.lanting.name} follows this ticket already." in after.text
    told = session.query(OutboxMessage).filter_by(kind="ticket_copied").one()
    assert (told.recipient_id, told.payload["by"]) == (cast.li_na.id, "Tom Becker")
    assert f"{cast.li_na.name} follows the ticket now." in tom.get(f"/work/tickets/{ticket.ref}").text
    tom.sign_in(cast.li_na).get(f"/tickets/{ticket.ref}")


def test_nobody_outside_the_organisation_is_copied_in(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    for person in (cast.sato, cast.li_na):
        tom.post(f"/work/tickets/{ticket.ref}/people", {"copy-person": person.public_id})

    told = session.query(OutboxMessage).filter_by(kind="ticket_copied").all()
    assert [message.recipient_id for message in told] == [cast.li_na.id]
    tom.sign_in(cast.sato).get(f"/tickets/{ticket.ref}", status=404)
