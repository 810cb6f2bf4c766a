"""The pages from which leads decide who gets new tickets, and the agents' switch."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.tickets.models import AgentGroup, AssignmentRule, Duty
from helpdesk.tickets.services.assignment import RuleWords, keep_group, keep_rule, set_duty
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import opened

PLACE = "/work/desk/assignment"


@pytest.fixture
def mei(browse: Browse, cast: Cast) -> Browse:
    return browse.sign_in(cast.mei)


@pytest.fixture
def group(session: Session, cast: Cast, now: datetime) -> AgentGroup:
    return keep_group(session, None, name="Disputes", members=[cast.tom], by=cast.mei, now=now)


@pytest.fixture
def rule(session: Session, cast: Cast, group: AgentGroup, now: datetime) -> AssignmentRule:
    return keep_rule(session, None, RuleWords(name="Disputes first", group=group), by=cast.mei, now=now)


def test_an_agent_goes_on_duty_and_off_herself(tom: Browse, session: Session, cast: Cast) -> None:
    on = tom.post("/work/duty", {"on": "1"})
    was_on = session.get_one(Duty, cast.tom.id).is_on
    off = tom.post("/work/duty", {"on": "0"})
    session.expire_all()

    assert "You are on duty: new tickets come to you." in on.text
    assert "You are on duty: go off" in on.text
    assert "Go on duty" in off.text
    assert (was_on, session.get_one(Duty, cast.tom.id).is_on) == (True, False)


def test_a_lead_sees_who_is_on_duty_and_can_end_it(mei: Browse, session: Session, cast: Cast, now: datetime) -> None:
    set_duty(session, cast.tom, is_on=True, by=cast.tom, now=now)

    page = mei.get(PLACE)
    mei.post(f"{PLACE}/duty/{cast.tom.public_id}", {"on": "0"})
    session.expire_all()

    assert "on duty" in page.text
    assert session.get_one(Duty, cast.tom.id).is_on is False
    mei.post(f"{PLACE}/duty/{cast.emma.public_id}", {"on": "1"}, status=404)


def test_a_lead_writes_a_rule_and_tries_it(mei: Browse, session: Session, cast: Cast) -> None:
    said = {"name": "Japanese", "topic": "", "customer": "", "locale": "ja", "target": f"a-{cast.tom.public_id}"}

    kept = mei.post(f"{PLACE}/rules/new", said)
    asked = f"try-topic=dispute&try-customer={cast.sakura.public_id}&try-locale="
    by_rule, by_nobody = (mei.get(f"{PLACE}?{asked}{locale}") for locale in ("ja", "en"))

    assert "1. Japanese" in kept.text
    assert "Tom Becker: the rule “Japanese” fits." in by_rule.text
    assert "Nobody: no rule decides, and nobody is on duty." in by_nobody.text


def test_whose_turn_it_is_can_be_tried_too(
    mei: Browse, session: Session, cast: Cast, rule: AssignmentRule, now: datetime
) -> None:
    set_duty(session, cast.mei, is_on=True, by=cast.mei, now=now)

    page = mei.get(f"{PLACE}?try-topic=dispute&try-customer={cast.sakura.public_id}&try-locale=ja")

    assert "Mei Lin: no rule decides, and it is their turn among those on duty." in page.text
    assert f"Nobody was there for: {rule.name}." in page.text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"target": ""}, {"target": "a-nobody"}, {"topic": "weather"}])
def test_a_rule_that_is_not_whole_is_refused_with_what_was_typed(
    mei: Browse, cast: Cast, wrong: dict[str, str]
) -> None:
    said = {"name": "Japanese", "topic": "", "customer": "", "locale": "ja", "target": f"a-{cast.tom.public_id}"}

    page = mei.post(f"{PLACE}/rules/new", said | wrong)

    assert "Nothing that you typed was lost." in page.text


def test_a_rule_is_changed_moved_passed_over_and_thrown_away(
    mei: Browse, session: Session, cast: Cast, rule: AssignmentRule, group: AgentGroup
) -> None:
    keep_rule(session, None, RuleWords(name="Everything", agent=cast.mei), by=cast.mei, now=utc_now())
    place = f"{PLACE}/rules/{rule.public_id}"

    mei.post(place, {"name": "All disputes", "topic": "dispute", "target": f"g-{group.public_id}"})
    later = mei.post(f"{place}/down")
    over = mei.post(f"{place}/off")
    again = mei.post(f"{place}/on")
    gone = mei.post(f"{place}/drop")

    assert "2. All disputes" in later.text
    assert "passed over" in over.text
    assert "passed over" not in again.text
    assert "All disputes" not in gone.text
    mei.get(place, status=404)


def test_a_group_is_made_changed_and_thrown_away_unless_a_rule_needs_it(
    mei: Browse, session: Session, cast: Cast, rule: AssignmentRule
) -> None:
    made = mei.post(f"{PLACE}/groups/new", {"name": "日本語", "members": cast.mei.public_id})
    taken = mei.post(f"{PLACE}/groups/new", {"name": "日本語"})
    assert rule.group is not None
    used = mei.post(f"{PLACE}/groups/{rule.group.public_id}/drop")
    mei.post(f"{PLACE}/rules/{rule.public_id}/drop")
    gone = mei.post(f"{PLACE}/groups/{rule.group.public_id}/drop")

    assert "日本語" in made.text
    assert "There is a group of that name already." in taken.text
    assert "A rule gives tickets to this group." in used.text
    assert "The group is gone." in gone.text
    mei.get(f"{PLACE}/groups/nosuchgroup", status=404)


def test_agents_and_customers_have_no_business_there(browse: Browse, cast: Cast, rule: AssignmentRule) -> None:
    for person in (cast.tom, cast.emma, cast.wang_fang):
        browse.sign_in(person)
        browse.get(PLACE, status=403)
        browse.post(f"{PLACE}/rules/{rule.public_id}/drop", status=403)
        browse.post(f"{PLACE}/duty/{cast.tom.public_id}", {"on": "1"}, status=403)
    browse.sign_in(cast.wang_fang).post("/work/duty", {"on": "1"}, status=403)


def test_the_ticket_says_why_it_was_given(tom: Browse, session: Session, cast: Cast) -> None:
    now = utc_now()
    set_duty(session, cast.tom, is_on=True, by=cast.tom, now=now)
    ticket = opened(session, cast.wang_fang, now)

    page = tom.get(f"/work/tickets/{ticket.ref}")

    assert "Given to Tom Becker, whose turn it was among those on duty." in page.text


def test_the_queue_has_a_view_of_tickets_whose_owner_is_away(
    mei: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    set_duty(session, cast.tom, is_on=True, by=cast.tom, now=now)
    ticket = opened(session, cast.wang_fang, now, subject="Whose is it")
    cast.tom.disabled_at = now
    session.flush()

    assert ticket.subject in mei.get("/work/queue?view=away").text
