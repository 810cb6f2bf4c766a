"""The menus: what the portal, the workspace and administration offer to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.permissions import Permission, Role, may
from helpdesk.web.guards import current_actor
from helpdesk.web.locale import current_locale


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a menu; `permission` None is for everyone."""

    endpoint: str
    label: LazyString
    icon: str
    permission: Permission | None = None
    localised: bool = False
    hint: LazyString | None = None
    also: str = ""
    """Another blueprint whose pages belong to this place."""

    @property
    def url(self) -> str:
        """Where it leads, in the reader's language where the address has one."""
        return url_for(self.endpoint, locale=current_locale()) if self.localised else url_for(self.endpoint)

    def is_current(self, url: str) -> bool:
        """Whether the page shown belongs to this place, whose address is `url`."""
        own = {self.endpoint.partition(".")[0], self.also}
        if request.blueprint in own and request.blueprint not in _SHARED:
            return True
        return request.path == url or request.path.startswith(url.rstrip("/") + "/")


_SHARED: Final = {"billing", "collections"}
"""Blueprints with two places in the menu: there the address decides."""

PORTAL: Final = [
    Entry("kb.index", _l("Help articles"), "book", localised=True),
    Entry("tickets.index", _l("My tickets"), "chat-left-text", Permission.TICKETS_OPEN),
    Entry("billing.invoices", _l("Invoices"), "receipt", Permission.INVOICES_SEE),
    Entry("billing.subscriptions", _l("Subscriptions"), "boxes", Permission.PORTAL_USE),
    Entry("collections.notices", _l("Notices"), "bell", Permission.NOTICES_SEE),
    Entry("collections.policy", _l("Collections policy"), "file-earmark-text"),
    Entry("people.organisation", _l("People"), "people", Permission.ORGANISATION_PEOPLE),
    Entry("queue.index", _l("Workspace"), "inbox", Permission.TICKETS_WORK),
    Entry("editor.index", _l("Articles"), "journal-text", Permission.KB_PUBLISH),
]
WORKSPACE: Final = [
    Entry("queue.index", _l("Queue"), "inbox", Permission.TICKETS_WORK),
    Entry("escalations.index", _l("Escalations"), "arrow-up-right-circle", Permission.ESCALATIONS_WORK),
    Entry("billing_desk.index", _l("Billing"), "cash-coin", Permission.PAYMENTS_BOOK),
    Entry("collections_desk.index", _l("Collections"), "hourglass-split", Permission.COLLECTIONS_WORK),
    Entry("customers.index", _l("Customers"), "buildings", Permission.CUSTOMERS_SEE),
    Entry("editor.index", _l("Articles"), "journal-text", Permission.KB_EDIT),
    Entry("desk.index", _l("Desk"), "sliders", Permission.DESK_MANAGE),
    Entry("incoming.index", _l("Mail"), "envelope", Permission.TICKETS_WORK, also="outbox"),
    Entry("administration.index", _l("Administration"), "sliders", Permission.ADMINISTER),
]
ADMINISTRATION: Final = [
    Entry(
        "people.everyone",
        _l("People"),
        "people",
        Permission.ADMINISTER,
        hint=_l("Everyone with an account: find, invite, change the role, deactivate."),
    ),
    Entry(
        "people.roles",
        _l("Roles"),
        "table",
        Permission.ADMINISTER,
        hint=_l("Which role may do what, as the house itself asks it."),
    ),
    Entry(
        "trail.index",
        _l("Audit trail"),
        "journal-check",
        Permission.ADMINISTER,
        hint=_l("Who did what to what, whose data was looked at, what was exported."),
    ),
    Entry(
        "privacy.index",
        _l("Personal data"),
        "person-lock",
        Permission.ADMINISTER,
        hint=_l("Hand out all that is kept about one person or one organisation."),
    ),
    Entry(
        "notifications.table",
        _l("Who is told what"),
        "bell",
        Permission.ADMINISTER,
        hint=_l("Every event, whom it reaches, and whether a mail goes out."),
    ),
]
"""The rooms that the administration page leads to."""


def _open_to_reader(entries: list[Entry]) -> list[Entry]:
    actor = current_actor()
    role = Role(actor.role) if actor else None
    return [
        entry for entry in entries if entry.permission is None or (role is not None and may(role, entry.permission))
    ]


def init_app(app: Flask) -> None:
    """Give the layouts `portal_menu()` and `workspace_menu()`, the administration page `administration_menu()`."""
    app.jinja_env.globals["portal_menu"] = lambda: _open_to_reader(PORTAL)
    app.jinja_env.globals["workspace_menu"] = lambda: _open_to_reader(WORKSPACE)
    app.jinja_env.globals["administration_menu"] = lambda: _open_to_reader(ADMINISTRATION)
