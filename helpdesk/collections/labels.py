"""The words, tones and signs that people read for stages and notices."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.collections.models import NoticeState, StageKind
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
