"""A ticket's history in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.tickets.labels.sets import PRIORITIES, STATES, TOPICS
from helpdesk.tickets.models import EventKind, Priority, TicketState, Topic


def event_words(kind: EventKind, data: dict[str, object], actor: str) -> str:
    """One step of a ticket's history, for agents."""
    if kind in _BY_DATA:
        return _BY_DATA[kind](data)
    if kind in _ABOUT_ANOTHER:
        return str(_ABOUT_ANOTHER[kind]) % {"ref": data.get("ref", ""), "name": data.get("person", "")}
    if kind is EventKind.RATED:
        return str(_("%(name)s rated the answer %(rating)s of 5.", name=actor, rating=data.get("rating")))
    return str(_AGENT_EVENTS[kind])


_AGENT_EVENTS: Final[dict[EventKind, LazyString]] = {
    EventKind.OPENED: _l("The ticket was opened."),
    EventKind.ESCALATED: _l("Handed to 21Vianet."),
    EventKind.VNET_ANSWERED: _l("21Vianet answered. Tell the customer."),
    EventKind.RESOLVED: _l("Resolved, and explained to the customer."),
    EventKind.CONFIRMED: _l("The customer confirmed that it is solved."),
    EventKind.CLOSED: _l("Closed because the customer did not answer."),
    EventKind.REOPENED: _l("Opened again: it is not solved yet."),
}


_ABOUT_ANOTHER: Final[dict[EventKind, LazyString]] = {
    EventKind.LINKED: _l("Linked with %(ref)s."),
    EventKind.MERGED: _l("Merged with %(ref)s."),
    EventKind.UNMERGED: _l("The merge with %(ref)s was taken back."),
    EventKind.SPLIT: _l("A message was split off: %(ref)s."),
    EventKind.COPIED: _l("%(name)s follows the ticket now."),
    EventKind.UNCOPIED: _l("%(name)s no longer follows the ticket."),
    EventKind.GUEST_INVITED: _l("%(name)s, who is from outside, was invited."),
    EventKind.GUEST_CAME: _l("%(name)s, who is from outside, accepted the invitation."),
    EventKind.GUEST_ENDED: _l("%(name)s, who is from outside, no longer sees the ticket."),
}


def _assigned(data: dict[str, object]) -> str:
    """Who got the ticket and why, and which rules nobody could follow."""
    owner, rule = data.get("owner", ""), data.get("rule")
    words = (
        _("Given to %(name)s by the rule “%(rule)s”.", name=owner, rule=rule)
        if rule
        else _("Given to %(name)s, whose turn it was among those on duty.", name=owner)
    )
    skipped = data.get("skipped")
    if not isinstance(skipped, list) or not skipped:
        return str(words)
    passed = _("Nobody was there for: %(rules)s.", rules=", ".join(str(each) for each in skipped))
    return f"{words} {passed}"


def _tagged(data: dict[str, object]) -> str:
    added, removed = data.get("added"), data.get("removed")
    signs = [f"+{tag}" for tag in added] if isinstance(added, list) else []
    signs += [f"−{tag}" for tag in removed] if isinstance(removed, list) else []
    return str(_("Tags: %(tags)s", tags=", ".join(signs)))


_OWN: Final = "field:"
"""How answers to the partner's own fields stand in an event."""


def _triaged(data: dict[str, object]) -> str:
    return "; ".join(_change(name, values) for name, values in data.items() if isinstance(values, list))


def _moved(data: dict[str, object]) -> str:
    return str(_("State: %(before)s to %(after)s", before=_state(data["before"]), after=_state(data["after"])))


def _state(value: object) -> str:
    return str(STATES[TicketState(str(value))])


def _change(name: str, values: list[object]) -> str:
    before, after = (_value(name, value) for value in values)
    if name.startswith(_OWN):
        field = name.removeprefix(_OWN)
        return str(_("%(field)s: %(before)s to %(after)s", field=field, before=before, after=after))
    template = {
        "topic": _l("Topic: %(before)s to %(after)s"),
        "priority": _l("Priority: %(before)s to %(after)s"),
        "owner": _l("Owner: %(before)s to %(after)s"),
    }[name]
    return str(template) % {"before": before, "after": after}


def _value(name: str, value: object) -> str:
    if value is None:
        return str(_("nobody"))
    if name == "topic":
        return str(TOPICS[Topic(str(value))])
    return str(PRIORITIES[Priority(str(value))]) if name == "priority" else str(value)


_BY_DATA: Final[dict[EventKind, Callable[[dict[str, object]], str]]] = {
    EventKind.TRIAGED: _triaged,
    EventKind.ASSIGNED: _assigned,
    EventKind.STATE_CHANGED: _moved,
    EventKind.TAGGED: _tagged,
}
