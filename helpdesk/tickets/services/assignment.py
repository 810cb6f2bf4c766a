"""Giving new tickets to somebody, and deciding how that is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.services import record
from helpdesk.errors import DomainError
from helpdesk.permissions import Permission
from helpdesk.tickets.models import AgentGroup, AssignmentRule, Duty, EventKind, Ticket, Topic
from helpdesk.tickets.queries.duty import colleagues, is_used, rules_in_order
from helpdesk.tickets.rules.assignment import Asked, Choice, Rule, choose
from helpdesk.tickets.rules.words import tidy_line, written
from helpdesk.tickets.services.mails import tell_assigned
from helpdesk.tickets.services.records import note_deed, note_event
from helpdesk.tickets.services.triage import NotAnAgent
from helpdesk.workcalendar.rules import WorkCalendar

_NAME_MAX = 80


class NobodyNamed(DomainError):
    """Say who gets the ticket: one agent, or one group."""


class GroupNameTaken(DomainError):
    """There is a group of that name already."""


class GroupInUse(DomainError):
    """A rule gives tickets to this group. Change the rule first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """What a rule says; what is None or empty fits every ticket."""

    name: str
    topic: Topic | None = None
    customer: Customer | None = None
    locale: str = ""
    agent: User | None = None
    group: AgentGroup | None = None


def choose_owner(session: Session, asked: Asked, *, now: datetime, calendar: WorkCalendar) -> Choice:
    """Who would get such a ticket now, and why; nothing changes."""
    people = colleagues(session, now=now, calendar=calendar)
    return choose(
        asked,
        [_as_rule(rule) for rule in rules_in_order(session) if rule.enabled],
        present={person.id for person in people if not person.is_away},
        on_duty={person.id: person.last_given_at for person in people if person.may_work and person.is_on},
    )


def give_out(session: Session, ticket: Ticket, *, now: datetime, calendar: WorkCalendar) -> Choice:
    """Give a new ticket to whom the rules or the turn name; the choice and its reason stand in its history."""
    asked = Asked(ticket.topic, ticket.customer_id, ticket.locale)
    choice = choose_owner(session, asked, now=now, calendar=calendar)
    if choice.user_id is None:
        return choice
    owner = session.get_one(User, choice.user_id)
    ticket.owner = owner
    turn = session.get(Duty, owner.id)
    if turn is not None:
        turn.last_given_at = now
    said: dict[str, Any] = {"reason": choice.reason.value, "rule": choice.rule, "skipped": list(choice.skipped)}
    note_event(session, ticket, EventKind.ASSIGNED, by=None, now=now, owner=owner.name, **said)
    note_deed(session, ticket, "assigned", by=None, now=now, after={"owner": owner.name, **said})
    session.flush()
    tell_assigned(session, ticket, by=None, now=now)
    return choice


def set_duty(session: Session, person: User, *, is_on: bool, by: User, now: datetime) -> None:
    """Go on duty, or off; saying the same again changes nothing. Raises `NotAnAgent`."""
    if not (person.is_active and person.may(Permission.TICKETS_WORK)):
        raise NotAnAgent
    duty = session.get(Duty, person.id) or Duty(user_id=person.id, is_on=not is_on)
    if duty.is_on is is_on:
        return
    duty.is_on, duty.since = is_on, now
    session.add(duty)
    _note(session, "duty.on" if is_on else "duty.off", "user", person.public_id, by=by, now=now)


def keep_rule(
    session: Session, rule: AssignmentRule | None, words: RuleWords, *, by: User, now: datetime
) -> AssignmentRule:
    """Make a rule, last in the order, or change one. Raises `NothingWritten`, `NobodyNamed`, `NotAnAgent`."""
    if (words.agent is None) is (words.group is None):
        raise NobodyNamed
    if words.agent is not None and not (words.agent.is_active and words.agent.may(Permission.TICKETS_WORK)):
        raise NotAnAgent
    name = tidy_line(written(words.name, limit=_NAME_MAX))
    kept = rule or AssignmentRule(position=_last(session) + 1, enabled=True)
    kept.name, kept.topic, kept.customer, kept.locale = name, words.topic, words.customer, words.locale
    kept.agent, kept.group = words.agent, words.group
    session.add(kept)
    session.flush()
    _note(session, "rule.kept", "assignment_rule", kept.public_id, by=by, now=now, after=_said(kept))
    return kept


def enable_rule(session: Session, rule: AssignmentRule, *, enabled: bool, by: User, now: datetime) -> None:
    """Follow a rule, or pass it over."""
    rule.enabled = enabled
    _note(session, "rule.enabled", "assignment_rule", rule.public_id, by=by, now=now, after={"enabled": enabled})


def move_rule(session: Session, rule: AssignmentRule, *, up: bool, by: User, now: datetime) -> None:
    """Change places with the rule before or after; the first stays first, the last last."""
    ordered = rules_in_order(session)
    here = ordered.index(rule)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, each in enumerate(ordered):
        each.position = position
    _note(session, "rule.moved", "assignment_rule", rule.public_id, by=by, now=now, after={"position": there})


def drop_rule(session: Session, rule: AssignmentRule, *, by: User, now: datetime) -> None:
    """Throw a rule away."""
    before, public_id = _said(rule), rule.public_id
    session.delete(rule)
    _note(session, "rule.dropped", "assignment_rule", public_id, by=by, now=now, before=before)


def keep_group(
    session: Session, group: AgentGroup | None, *, name: str, members: Sequence[User], by: User, now: datetime
) -> AgentGroup:
    """Make or change a group. Raises `NothingWritten`, `GroupNameTaken`, `NotAnAgent`."""
    if not all(person.is_active and person.may(Permission.TICKETS_WORK) for person in members):
        raise NotAnAgent
    title = tidy_line(written(name, limit=_NAME_MAX))
    same = session.scalars(sa.select(AgentGroup).where(AgentGroup.name == title)).one_or_none()
    if same is not None and same is not group:
        raise GroupNameTaken
    kept = group or AgentGroup()
    kept.name, kept.members = title, list(members)
    session.add(kept)
    session.flush()
    names = [person.name for person in members]
    _note(session, "group.kept", "agent_group", kept.public_id, by=by, now=now, after={"name": title, "members": names})
    return kept


def drop_group(session: Session, group: AgentGroup, *, by: User, now: datetime) -> None:
    """Throw a group away. Raises `GroupInUse`."""
    if is_used(session, group):
        raise GroupInUse
    name, public_id = group.name, group.public_id
    session.delete(group)
    _note(session, "group.dropped", "agent_group", public_id, by=by, now=now, before={"name": name})


def _as_rule(rule: AssignmentRule) -> Rule:
    members = tuple(person.id for person in rule.group.members) if rule.group else ()
    return Rule(rule.name, rule.topic, rule.customer_id, rule.locale, rule.agent_id, members)


def _last(session: Session) -> int:
    return session.scalars(sa.select(sa.func.max(AssignmentRule.position))).one() or 0


def _said(rule: AssignmentRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "topic": rule.topic.value if rule.topic else None,
        "customer": rule.customer.name if rule.customer else None,
        "locale": rule.locale,
        "agent": rule.agent.name if rule.agent else None,
        "group": rule.group.name if rule.group else None,
    }


def _note(
    session: Session,
    deed: str,
    kind: str,
    what: str,
    *,
    by: User,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    session.flush()
    record(
        session,
        f"desk.{deed}",
        object_type=kind,
        object_id=what,
        actor_id=by.id,
        now=now,
        before=before,
        after=after,
    )
