"""Who is told what by which event: the whole table, shown in administration and kept by a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Audience(StrEnum):
    """Who gets a kind."""

    REQUESTER = "requester"
    TICKET_PEOPLE = "ticket_people"
    CONTACTS = "contacts"
    OWNER = "owner"
    MENTIONED = "mentioned"
    LEADS = "leads"
    EDITORS = "editors"
    ADMINISTRATORS = "administrators"
    PERSON = "person"


_STAFF: Final = frozenset(
    {Audience.OWNER, Audience.MENTIONED, Audience.LEADS, Audience.EDITORS, Audience.ADMINISTRATORS}
)

DIGEST: Final = "digest"


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notification. `kind` names its templates."""

    kind: str
    event: LazyString
    audience: Audience
    essential: bool
    """Always by mail: money, access or the account depends on it."""

    @property
    def for_staff(self) -> bool:
        """Whether the partner's own people get it."""
        return self.audience in _STAFF


TABLE: Final = (
    Notice("ticket_received", _l("A ticket has arrived"), Audience.REQUESTER, essential=False),
    Notice("ticket_answered", _l("We answered a ticket"), Audience.TICKET_PEOPLE, essential=True),
    Notice("ticket_resolved", _l("A ticket is resolved, with the explanation"), Audience.TICKET_PEOPLE, essential=True),
    Notice("ticket_closed", _l("A ticket is closed"), Audience.REQUESTER, essential=False),
    Notice("ticket_reopened", _l("The customer wrote that it is not solved"), Audience.OWNER, essential=False),
    Notice("ticket_assigned", _l("A ticket was given to somebody"), Audience.OWNER, essential=False),
    Notice("ticket_copied", _l("Somebody copied you in on a ticket"), Audience.TICKET_PEOPLE, essential=False),
    Notice("guest_invited", _l("Somebody from outside is invited to a ticket"), Audience.PERSON, essential=True),
    Notice("guest_answered", _l("We answered a ticket to which somebody was invited"), Audience.PERSON, essential=True),
    Notice("ticket_mentioned", _l("Somebody was named in an internal note"), Audience.MENTIONED, essential=False),
    Notice("ticket_due", _l("An answer is due or late"), Audience.OWNER, essential=False),
    Notice("proof_accepted", _l("A proof of payment was booked"), Audience.CONTACTS, essential=True),
    Notice("proof_declined", _l("A proof of payment could not be booked"), Audience.CONTACTS, essential=True),
    Notice("policy_published", _l("The collections policy changes"), Audience.CONTACTS, essential=True),
    Notice("notice_issued", _l("A payment notice was issued"), Audience.CONTACTS, essential=True),
    Notice("notice_suspended", _l("A subscription was suspended"), Audience.CONTACTS, essential=True),
    Notice("notice_reactivated", _l("A subscription is active again"), Audience.CONTACTS, essential=True),
    Notice("notice_settled", _l("What a notice asked for is settled"), Audience.CONTACTS, essential=True),
    Notice("notice_withdrawn", _l("A notice was withdrawn"), Audience.CONTACTS, essential=True),
    Notice("case_suspended", _l("A subscription was suspended after a decision"), Audience.CONTACTS, essential=True),
    Notice("case_overtaken", _l("A suspension is being undone"), Audience.CONTACTS, essential=True),
    Notice("case_reactivated", _l("A suspended subscription works again"), Audience.CONTACTS, essential=True),
    Notice("case_deleted", _l("A suspended subscription was deleted"), Audience.CONTACTS, essential=True),
    Notice(
        "deletion_reminder",
        _l("The data of a suspended subscription will be deleted"),
        Audience.CONTACTS,
        essential=True,
    ),
    Notice("collections_desk", _l("A suspension waits for a decision or a deed"), Audience.LEADS, essential=False),
    Notice("escalation_approval", _l("A case for 21Vianet waits for approval"), Audience.LEADS, essential=False),
    Notice("escalation_approved", _l("A case for 21Vianet was approved"), Audience.OWNER, essential=False),
    Notice("escalation_sent_back", _l("A case for 21Vianet was sent back"), Audience.OWNER, essential=False),
    Notice("escalation_follow_up", _l("A follow-up with 21Vianet is due"), Audience.OWNER, essential=False),
    Notice("escalation_credit", _l("A credit that 21Vianet granted has not come"), Audience.OWNER, essential=False),
    Notice("article_review", _l("An article was reviewed"), Audience.EDITORS, essential=False),
    Notice("article_review_due", _l("An article is due for another look"), Audience.EDITORS, essential=False),
    Notice("address_failing", _l("Mail to a customer came back"), Audience.OWNER, essential=False),
    Notice(DIGEST, _l("The summary of the day"), Audience.OWNER, essential=False),
    Notice("file_infected", _l("A virus was found in a file that was kept"), Audience.PERSON, essential=True),
    Notice("partner_center_unread", _l("Partner Center could not be read"), Audience.ADMINISTRATORS, essential=False),
    Notice("password_changed", _l("A password was changed"), Audience.PERSON, essential=True),
    Notice("second_step_changed", _l("The second step of signing in changed"), Audience.PERSON, essential=True),
    Notice("password_reset", _l("Somebody forgot the password"), Audience.PERSON, essential=True),
    Notice("invitation", _l("Somebody is invited"), Audience.PERSON, essential=True),
    Notice("invitation_known", _l("Somebody is invited who has an account already"), Audience.PERSON, essential=True),
    Notice("email_confirm", _l("A new e-mail address waits to be confirmed"), Audience.PERSON, essential=True),
    Notice("email_known", _l("A new e-mail address has an account already"), Audience.PERSON, essential=True),
    Notice("email_asked", _l("A change of the e-mail address was asked for"), Audience.PERSON, essential=True),
    Notice("email_changed", _l("The e-mail address was changed"), Audience.PERSON, essential=True),
    Notice("role_changed", _l("Somebody got another role"), Audience.PERSON, essential=True),
    Notice(
        "staff_role_changed",
        _l("Somebody of the partner's people got another role"),
        Audience.ADMINISTRATORS,
        essential=True,
    ),
)
"""Each event once, in the order of a ticket's life."""

AUDIENCES: Final[dict[Audience, LazyString]] = {
    Audience.REQUESTER: _l("Who opened the ticket"),
    Audience.TICKET_PEOPLE: _l("Who opened the ticket, and colleagues who follow it"),
    Audience.CONTACTS: _l("The customer's billing contacts"),
    Audience.OWNER: _l("The agent who owns it"),
    Audience.MENTIONED: _l("The colleague who was named"),
    Audience.LEADS: _l("Leads and administrators"),
    Audience.EDITORS: _l("Who writes and reviews articles"),
    Audience.ADMINISTRATORS: _l("All administrators"),
    Audience.PERSON: _l("The person concerned"),
}
_BY_KIND: Final = {notice.kind: notice for notice in TABLE}


def notice_of(kind: str) -> Notice | None:
    """The row of a kind."""
    return _BY_KIND.get(kind)


def is_essential(kind: str) -> bool:
    """Whether a kind always goes out by mail; what the table does not know is taken to be so."""
    notice = _BY_KIND.get(kind)
    return notice is None or notice.essential
