"""What was done with a mail and why, in words."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.intake.models import Reason, Result
from helpdesk.intake.queries import MailFilter

RESULT: Final[dict[Result, LazyString]] = {
    Result.CREATED: _l("New ticket"),
    Result.JOINED: _l("Added to a ticket"),
    Result.SIDE_THREAD: _l("Added to the thread with 21Vianet"),
    Result.BOUNCE: _l("Delivery report"),
    Result.AUTO_REPLY: _l("Automatic reply"),
    Result.QUARANTINED: _l("Waits for a decision"),
    Result.REJECTED: _l("Rejected"),
}
TONE: Final[dict[Result, tuple[str, str]]] = {
    Result.CREATED: ("good", "plus-circle"),
    Result.JOINED: ("good", "reply"),
    Result.SIDE_THREAD: ("good", "arrow-up-right-circle"),
    Result.BOUNCE: ("warn", "arrow-return-left"),
    Result.AUTO_REPLY: ("neutral", "robot"),
    Result.QUARANTINED: ("warn", "hourglass-split"),
    Result.REJECTED: ("bad", "x-octagon"),
}
REASON: Final[dict[Reason, LazyString]] = {
    Reason.KNOWN_SENDER: _l("A known customer wrote, and the mail belonged to no ticket yet."),
    Reason.TOKEN: _l("It was sent to the sender's own signed reply address."),
    Reason.MESSAGE_ID: _l("It answers a mail of ours, and its sender takes part in the ticket."),
    Reason.TICKET_CLOSED: _l("It answers a ticket that was closed."),
    Reason.VNET_CASE: _l("21Vianet wrote, and the mail names the request number of an open case."),
    Reason.ACCEPTED_BY_HAND: _l("A colleague accepted it."),
    Reason.JOINED_BY_HAND: _l("A colleague added it to the ticket."),
    Reason.DELIVERY_FAILED: _l("A mail of ours could not be delivered. The address is marked and the owner was told."),
    Reason.DELIVERY_DELAYED: _l("A mail of ours is delayed; its mail server keeps trying."),
    Reason.DELIVERY_REPORT: _l("It reports on a delivery that did not fail."),
    Reason.NOT_OUR_MAIL: _l("It reports on a mail that we did not send, so nothing was marked."),
    Reason.AUTOMATIC: _l("A machine wrote it. It makes no ticket, and nobody answers it."),
    Reason.NO_SENDER: _l("It names no sender."),
    Reason.SEVERAL_SENDERS: _l("It names several senders, so nobody can tell who wrote it."),
    Reason.NOT_AUTHENTIC: _l("Our mail server could not confirm that it comes from this sender."),
    Reason.UNKNOWN_SENDER: _l("Nobody with this address is known here."),
    Reason.SENDER_DISABLED: _l("The sender's account is closed."),
    Reason.STAFF_WITHOUT_TICKET: _l("A colleague wrote, but the mail belongs to no ticket."),
    Reason.NOT_A_PARTICIPANT: _l("It answers a ticket in which its sender takes no part."),
    Reason.FORGED_TOKEN: _l("Its reply address was not signed by us; somebody may have changed it."),
    Reason.VNET_WITHOUT_CASE: _l("It comes from 21Vianet's domain but names no request number of an open case."),
    Reason.TOO_MANY: _l("This address sent more mails within an hour than are acted on by themselves."),
    Reason.EMPTY: _l("It has neither text nor files."),
    Reason.TOO_LARGE: _l("It is too large to be read whole."),
    Reason.REFUSED: _l("The ticket could not take it."),
    Reason.FAILED: _l("Something went wrong on our side while it was read. Nothing of it is lost; read it again."),
    Reason.OWN_MAIL: _l("It is our own mail, which came back to us."),
    Reason.BLOCKED: _l("Its sender is blocked."),
    Reason.DUPLICATE: _l("The same mail came by another way before."),
}
FILTER: Final[dict[MailFilter, LazyString]] = {
    MailFilter.WAITING: _l("Waits for a decision"),
    MailFilter.DONE: _l("In tickets"),
    MailFilter.MACHINES: _l("Written by machines"),
    MailFilter.REJECTED: _l("Rejected"),
}
EMPTY: Final[dict[MailFilter, LazyString]] = {
    MailFilter.WAITING: _l("Every mail found its place by itself."),
    MailFilter.DONE: _l("Mails of customers appear here as soon as some have come."),
    MailFilter.MACHINES: _l("No delivery reports and no automatic replies so far."),
    MailFilter.REJECTED: _l("No mail was rejected."),
}
