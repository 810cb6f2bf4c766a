"""What a mail gives away about itself: a machine wrote it, or it reports a failed delivery. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.intake.parsing import Mail, identifiers

_ROBOT_PRECEDENCE: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOT_HEADERS: Final = (
    "list-id",
    "list-unsubscribe",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply-from",
)
_ROBOT_SUBJECT: Final = re.compile(
    r"\s*(re:\s*)?(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|自动回复|自動回覆|自動回复|"
    r"自動返信|自動応答|不在通知|不在のお知らせ|外出中)",
    re.IGNORECASE,
)
_DAEMON: Final = re.compile(r"(mailer[-_.]?daemon|postmaster|mail[-_.]?delivery([-_.]subsystem)?)@", re.IGNORECASE)
_FAILED_SUBJECT: Final = re.compile(
    r"undeliver|delivery (status notification|failure|has failed)|returned mail|mail delivery failed|failure notice|"
    r"退信|无法投递|未能送达|系统退信|投递失败|無法傳遞|配信不能|配信できません|送信できません|送達不能",
    re.IGNORECASE,
)
_ACTION: Final = re.compile(r"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_STATUS: Final = re.compile(r"^status:\s*([245])\.", re.IGNORECASE | re.MULTILINE)
_TEMPORARY: Final = re.compile(r"\b4\.\d\.\d\b|will be retried|still trying|delayed|暂时|稍后重试", re.IGNORECASE)


_OF_THE_ADDRESS: Final = re.compile(r"(450|550|551|553) (?!\d\.\d)|[45]\d\d [45]\.[12]\.")
"""Answers of a mail server about the mailbox, not about the mail: RFC 5321, 4.2.3, and RFC 3463, 3.2 and 3.3."""


class Report(StrEnum):
    """What a delivery report says."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report: what became of which of our mails."""

    report: Report
    identifiers: tuple[str, ...]
    """Message-IDs that stand in the returned mail; only ours count."""
    detail: str


def bounce_of(mail: Mail, *, envelope_from: str | None = None) -> Bounce | None:
    """The delivery report that this mail is, or None: RFC 3464, or the plain forms of common mail servers."""
    formal = bool(mail.reports)
    daemon = bool(_DAEMON.search(mail.sender or mail.headers.plain("from")))
    empty_path = envelope_from == "" or mail.headers.plain("return-path") == "<>"
    if not formal and not (_FAILED_SUBJECT.search(mail.subject) and (daemon or empty_path)):
        return None
    returned = mail.returned or mail.text
    found = identifiers(returned) + identifiers(mail.text) + list(mail.references)
    return Bounce(_report(mail), tuple(dict.fromkeys(found)), _detail(mail))


def _report(mail: Mail) -> Report:
    said = "\n".join(mail.reports)
    action = _ACTION.search(said)
    if action and action[1].lower() in {"delayed", "delivered", "relayed", "expanded"}:
        return Report.DELAYED if action[1].lower() == "delayed" else Report.DELIVERED
    status = _STATUS.search(said)
    if status and status[1] != "5":
        return Report.DELAYED if status[1] == "4" else Report.DELIVERED
    if not mail.reports and _TEMPORARY.search(mail.text[:3000]):
        return Report.DELAYED
    return Report.FAILED


def _detail(mail: Mail) -> str:
    for report in mail.reports:
        found = re.search(r"^diagnostic-code:\s*(.{1,300})", report, re.IGNORECASE | re.MULTILINE)
        if found:
            return " ".join(found[1].split())
    return " ".join(mail.text[:300].split())


def blames_address(answer: str) -> bool:
    """Whether a mail server's answer, such as `550 5.1.1 No such user`, speaks of the address and not of the mail."""
    return bool(_OF_THE_ADDRESS.match(answer))


def is_automatic(mail: Mail, *, envelope_from: str | None = None) -> bool:
    """Whether a machine wrote it: nobody waits for an answer, and an answer might be answered."""
    submitted = mail.headers.plain("auto-submitted").split(";")[0].strip()
    if submitted and submitted != "no":
        return True
    if mail.headers.plain("precedence") in _ROBOT_PRECEDENCE or envelope_from == "":
        return True
    if mail.headers.plain("return-path") == "<>" or any(mail.headers.raw(name) for name in _ROBOT_HEADERS):
        return True
    return bool(_ROBOT_SUBJECT.match(mail.subject))
