"""The words, tones and signs that people read for stages and notices."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from helpdesk.collections.models import Approval, CaseState, NoticeState, StageKind, SuspensionReason, Withdrawal
from helpdesk.collections.queries.ledger import Channel, PortalState
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.proof import Breach
from helpdesk.collections.rules.steering import PromiseState
from helpdesk.notifications.models import DeliveryState

STAGES: Final = {
    StageKind.REMINDER: _l("First reminder"),
    StageKind.SECOND_REMINDER: _l("Second reminder"),
    StageKind.FINAL_NOTICE: _l("Final notice"),
    StageKind.SUSPENSION: _l("Suspension"),
    StageKind.DELETION: _l("Deletion of data"),
}
STAGE_WORDS: Final = {
    StageKind.REMINDER: _l("We remind your billing contacts. Everything works."),
    StageKind.SECOND_REMINDER: _l("We remind them again and name the day on which access may change."),
    StageKind.FINAL_NOTICE: _l("Amount, invoices and both dates. Everything still works."),
    StageKind.SUSPENSION: _l("At the earliest: users cannot sign in, administrators still can."),
    StageKind.DELETION: _l("21Vianet deletes all data of what was not reactivated."),
}
"""What each stage does, for the picture of the policy."""
APPROVALS: Final = {
    Approval.ENGINE: _l("Nobody: it goes out by itself"),
    Approval.AGENT: _l("An agent"),
    Approval.LEAD: _l("A lead"),
    Approval.ADMINISTRATOR: _l("An administrator"),
}
DECIDES: Final = {
    Approval.ENGINE: _l("Goes out by itself."),
    Approval.AGENT: _l("An agent of ours approves it."),
    Approval.LEAD: _l("A lead of ours approves it."),
    Approval.ADMINISTRATOR: _l("An administrator of ours approves it."),
}
"""Who decides about a stage."""
DELETION_DECIDES: Final = _l("21Vianet does it.")
DECIDES_FOR_CUSTOMERS: Final = _l("One of our people approves it.")
"""Which of them is our own matter."""
STAGE_TONES: Final = {
    StageKind.REMINDER: "info",
    StageKind.SECOND_REMINDER: "info",
    StageKind.FINAL_NOTICE: "warn",
    StageKind.SUSPENSION: "bad",
    StageKind.DELETION: "bad",
}
STAGE_ICONS: Final = {
    StageKind.REMINDER: "bell",
    StageKind.SECOND_REMINDER: "bell-fill",
    StageKind.FINAL_NOTICE: "exclamation-triangle",
    StageKind.SUSPENSION: "pause-circle",
    StageKind.DELETION: "trash3",
}
NOTICE_STATES: Final = {
    NoticeState.IN_FORCE: _l("In force"),
    NoticeState.SETTLED: _l("Settled"),
    NoticeState.WITHDRAWN: _l("Withdrawn"),
    NoticeState.SUPERSEDED: _l("Followed by a later notice"),
}
WITHDRAWALS: Final = {
    Withdrawal.IN_ERROR: _l("We took this notice back: it was issued in error."),
    Withdrawal.CORRECTED: _l("We took this notice back and sent a corrected one."),
    Withdrawal.GIVEN_UP: _l("We took this notice back: the subscription is not suspended now."),
}
NOTICE_TONES: Final = {
    NoticeState.IN_FORCE: "warn",
    NoticeState.SETTLED: "good",
    NoticeState.WITHDRAWN: "neutral",
    NoticeState.SUPERSEDED: "neutral",
}
NOTICE_ICONS: Final = {
    NoticeState.IN_FORCE: "hourglass-split",
    NoticeState.SETTLED: "check-circle",
    NoticeState.WITHDRAWN: "slash-circle",
    NoticeState.SUPERSEDED: "arrow-right-circle",
}
DELIVERIES: Final = {
    DeliveryState.QUEUED: _l("waiting to be sent"),
    DeliveryState.ACCEPTED: _l("accepted by the mail server"),
    DeliveryState.BOUNCED: _l("came back"),
    DeliveryState.FAILED: _l("could not be sent"),
}
REASONS: Final = {
    SuspensionReason.NON_PAYMENT: _l("Non-payment"),
    SuspensionReason.MISUSE: _l("Fraud or misuse, while we look into it"),
    SuspensionReason.CUSTOMER_REQUEST: _l("The customer asked for it"),
}
PROPOSABLE: Final = REASONS
CASE_STATES: Final = {
    CaseState.PROPOSED: _l("Waits for a lead"),
    CaseState.APPROVED: _l("To be done in Partner Center"),
    CaseState.SUSPENDED: _l("Suspended"),
    CaseState.REACTIVATED: _l("Reactivated"),
    CaseState.DELETED: _l("Data deleted"),
    CaseState.DROPPED: _l("Not suspended"),
}
CASE_TONES: Final = {
    CaseState.PROPOSED: "warn",
    CaseState.APPROVED: "warn",
    CaseState.SUSPENDED: "bad",
    CaseState.REACTIVATED: "good",
    CaseState.DELETED: "neutral",
    CaseState.DROPPED: "neutral",
}
STEPS: Final = {
    Step.NOTHING: _l("Nothing to do"),
    Step.WAIT: _l("Next notice"),
    Step.NOTIFY: _l("Notice goes out with the next run"),
    Step.AWAIT_APPROVAL: _l("A notice waits for approval"),
    Step.FIND_CONTACT: _l("Find a contact who can be reached"),
    Step.MAKE_HEARD: _l("A notice has reached nobody: see to it"),
    Step.PROPOSE_SUSPENSION: _l("A lead decides about the suspension"),
    Step.CONFIRM_SUSPENSION: _l("Suspend it in Partner Center"),
    Step.PAUSE: _l("Paused"),
    Step.SETTLE: _l("Paid: the notice ends"),
    Step.PROPOSE_REACTIVATION: _l("Paid: reactivate it in Partner Center"),
    Step.WATCH_DELETION: _l("Suspended: the second clock runs"),
}
STEP_TONES: Final = {
    Step.NOTHING: "neutral",
    Step.WAIT: "info",
    Step.NOTIFY: "info",
    Step.AWAIT_APPROVAL: "warn",
    Step.FIND_CONTACT: "bad",
    Step.MAKE_HEARD: "bad",
    Step.PROPOSE_SUSPENSION: "warn",
    Step.CONFIRM_SUSPENSION: "bad",
    Step.PAUSE: "neutral",
    Step.SETTLE: "good",
    Step.PROPOSE_REACTIVATION: "bad",
    Step.WATCH_DELETION: "warn",
}
BREACHES: Final = {
    Breach.NOT_OVERDUE: _l("the invoice is not overdue on that day"),
    Breach.UNWARNED: _l("an earlier stage was never given"),
    Breach.NO_TIME: _l("on the day of the stage before it: nobody has time to act on that"),
    Breach.TOO_SOON: _l("too soon after the final notice"),
    Breach.UNHEARD: _l("nobody has received the notice before it"),
    Breach.NOT_OWED: _l("nothing above the smallest amount is overdue and undisputed"),
    Breach.ON_HOLD: _l("although the customer is on hold"),
    Breach.BEFORE_STATED: _l("before the day that an earlier notice states"),
}
"""Why a course of events is not allowed."""
PROMISES: Final = {
    PromiseState.OPEN: _l("Promised"),
    PromiseState.KEPT: _l("Kept"),
    PromiseState.BROKEN: _l("Broken"),
}
PROMISE_TONES: Final = {PromiseState.OPEN: "info", PromiseState.KEPT: "good", PromiseState.BROKEN: "bad"}
LEDGER: Final[dict[str, Any]] = {
    **{state.value: words for state, words in DELIVERIES.items()},
    PortalState.UNSEEN: _l("not opened yet"),
    PortalState.SEEN: _l("seen in the portal"),
    PortalState.ACKNOWLEDGED: _l("acknowledged in the portal"),
}
CHANNELS: Final = {Channel.MAIL: _l("Mail"), Channel.PORTAL: _l("Portal")}
