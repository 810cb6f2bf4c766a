"""Entries as people read them: words for the action, names with links for people and objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from helpdesk.audit.models import AuditEntry
from helpdesk.system.trail.labels import ACTIONS, KINDS
from helpdesk.system.trail.objects import PEOPLE, Key, Named, article_part
from helpdesk.system.trail.queries import Seen

_PAGES: Final[dict[str, str]] = {
    "user": "people.show",
    "customer": "customers.show",
    "subscription": "customers.show",
    "notice": "collections.notice",
    "suspension_case": "collections_desk.case",
    "escalation": "escalations.show",
    "payment_proof": "billing_desk.proof",
    "dispute": "billing.line",
    "billing_import": "billing_desk.show_import",
    "incoming_mail": "incoming.show",
    "assignment_rule": "desk.rule",
    "agent_group": "desk.group",
}
"""The page of an object that has a name; administrators may open them all."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words; `url` is empty where there is no page, `before` and `after` are pairs of name and value."""

    row: Seen
    action: str
    kind: str
    name: str
    url: str
    before: list[tuple[str, str]]
    after: list[tuple[str, str]]


def told(row: Seen, names: dict[Key, Named]) -> Told:
    """Put an entry into words; an action or object that is not known any more keeps the name of the trail."""
    entry = row.entry
    named = names.get((entry.object_type, article_part(entry)))
    return Told(
        row,
        action=action_in_words(entry.action),
        kind=str(KINDS.get(entry.object_type, entry.object_type)),
        name=object_name(entry, named),
        url=_url(entry, named),
        before=list(_pairs(entry.before, names)),
        after=list(_pairs(entry.after, names)),
    )


def action_in_words(action: str) -> str:
    """What was done, in the reader's language."""
    return str(ACTIONS.get(action, action))


def object_name(entry: AuditEntry, named: Named | None) -> str:
    """What people call the object of an entry."""
    match entry.object_type, entry.object_id:
        case "user", "unknown":
            return str(_("an address that nobody has"))
        case "export", _endpoint:
            address = str((entry.after or {}).get("address", ""))
            return address.partition("?")[0] or entry.object_id
        case "blocked_sender", _id:
            return str((entry.before or {}).get("address", entry.object_id))
        case "collections_policy", version:
            return str(_("Version %(version)d", version=int(version))) if version.isdecimal() else version
        case "article", text if named is not None:
            return named.name + text.removeprefix(article_part(entry))
    return (named.name if named else "") or entry.object_id


def _url(entry: AuditEntry, named: Named | None) -> str:
    match entry.object_type, entry.object_id:
        case "ticket", ref:
            return url_for("queue.show", number=ref) if ref[2:].isdecimal() else ""
        case "invoice", number:
            return url_for("billing.invoice", number=number)
        case "collections_policy", version if version.isdecimal():
            return url_for("collections.policy_version", version=int(version))
        case "article", text if named is not None:
            return url_for("editor.edit", slug=named.address, tongue=text.partition("/")[2] or "en")
    page = _PAGES.get(entry.object_type)
    return url_for(page, public_id=named.address) if page and named else ""


def _pairs(kept: dict[str, Any] | None, names: dict[Key, Named]) -> Iterator[tuple[str, str]]:
    for name, value in (kept or {}).items():
        person = names.get(("user", str(value))) if name in PEOPLE else None
        yield name, person.name if person else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return "–" if value is None or value == "" else str(value)
