"""Numbers in a text against the rules in force: what contradicts them, and what should be a live value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from helpdesk.kb.checks.findings import Finding, Problem

_DAYS: Final = r"(\d+)\s*(?:calendar\s+)?(?:days?\b|天|日(?:以内|間|後|内|前)?(?!\d)|个自然日)"
_EXAMPLE: Final = re.compile(r"`|[0-9]\.[0-9]{2}\b|^\s*(?:```|~~~)")
_END: Final = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_DATE: Final = re.compile(r"\d+\s*(?:年|月)\s*\d+\s*日")


@dataclass(frozen=True, slots=True)
class _Claim:
    """Words that make a number a claim about a rule, and the values that may stand there."""

    words: re.Pattern[str]
    number: re.Pattern[str]
    names: tuple[str, ...]
    """Variables, the one to write first."""


def _claim(words: str, number: str, *names: str) -> _Claim:
    return _Claim(re.compile(words, re.IGNORECASE), re.compile(number, re.IGNORECASE), names)


_STAGES: Final = (
    "policy.suspension_day",
    "policy.final_notice_day",
    "policy.second_reminder_day",
    "policy.reminder_day",
)
_CLAIMS: Final = (
    _claim(r"\bdelet|删除|刪除|削除", _DAYS, "limits.data_retention_days", *_STAGES),
    _claim(r"\bsuspen|暂停|停用|停止", _DAYS, *_STAGES, "limits.data_retention_days"),
    _claim(
        r"\b(?:is|are|falls?) due\b|\bpay(?:able)? within\b|付款期限|内付款|支払期限|以内にお?支払",
        _DAYS,
        "limits.payment_terms_days",
        *_STAGES,
    ),
    _claim(r"\breopen|重新打开|再開", _DAYS, "limits.reopen_days"),
    _claim(
        r"\b(?:late|finance) charge|滞纳金|逾期费|遅延(?:損害金|料金|手数料)",
        r"(\d+(?:\.\d+)?)\s*(?:%|％|percent)",
        "limits.late_charge_percent",
    ),
    _claim(r"\b(?:upload|attach|file)|附件|文件|ファイル|添付", r"(\d+)\s*MB\b", "limits.upload_max_mb"),
)


def contradictions(body: str, variables: Mapping[str, str]) -> Iterator[Finding]:
    """Numbers written by hand where a rule decides them; examples with amounts, code and dates are left alone."""
    in_code = False
    for number, line in enumerate(body.split("\n"), start=1):
        in_code ^= line.lstrip().startswith(("```", "~~~"))
        if in_code or _EXAMPLE.search(line):
            continue
        for sentence in _END.split(_DATE.sub("", line)):
            yield from _in_sentence(sentence, number, variables)


def _in_sentence(sentence: str, line: int, variables: Mapping[str, str]) -> Iterator[Finding]:
    for claim in _CLAIMS:
        if not claim.words.search(sentence):
            continue
        known = {variables[name]: name for name in reversed(claim.names) if name in variables}
        if not known:
            continue
        for said in claim.number.findall(sentence):
            kind = Problem.USE_VARIABLE if said in known else Problem.CONTRADICTS
            name = known.get(said, next(name for name in claim.names if name in variables))
            yield Finding(kind, line, {"said": said, "name": name, "value": variables[name]})
        if claim.number.search(sentence):
            return
