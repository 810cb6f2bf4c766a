"""Synonyms of the trade: a question is widened by the other words of each group that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from helpdesk.search.analyze import normal, query_terms, terms
from helpdesk.search.ports import WeightedTerm

WEIGHT: Final = 0.3
"""How much a synonym counts against the reader's own word."""

TRADE: Final[tuple[tuple[str, ...], ...]] = (
    ("invoice", "bill", "账单", "发票", "請求書"),
    ("refund", "money back", "退款", "返金"),
    ("seat", "license", "licence", "席位", "许可证", "シート", "ライセンス"),
    ("suspend", "suspension", "暂停", "停止", "一時停止"),
    ("fapiao", "VAT invoice", "发票", "増値税"),
    ("overdue", "past due", "late", "逾期", "欠费", "延滞", "未払い"),
    ("reconciliation", "对账", "对帐", "調整ファイル"),
    ("dispute", "争议", "異議"),
    ("payment", "付款", "支付", "支払い"),
    ("cancel", "cancellation", "取消", "キャンセル", "解約"),
    ("reactivate", "重新激活", "恢复", "再開"),
    ("escalate", "上报", "呈报", "エスカレーション"),
    ("price", "价格", "価格"),
    ("account", "账户", "帐户", "アカウント"),
)
"""The list that a new installation begins with (the words of `domain.md`)."""


def others(text: str, groups: Iterable[Sequence[str]], locale: str) -> list[str]:
    """The words of each group of which `text` uses one, without those that it uses itself."""
    return list(dict.fromkeys(word for _, more in groups_used(text, groups, locale) for word in more))


def groups_used(text: str, groups: Iterable[Sequence[str]], locale: str) -> Iterator[tuple[list[str], list[str]]]:
    """Of each group of which `text` uses a word: the words that it uses, and the others."""
    asked = _Asked(text, locale)
    for group in groups:
        used = [word for word in group if asked.uses(word)]
        if used:
            yield used, [word for word in group if word not in used]


def widened(text: str, groups: Iterable[Sequence[str]], locale: str) -> list[WeightedTerm]:
    """The terms of `text`, and with less weight those of its synonyms."""
    own = query_terms(text, locale)
    extra = [term for word in others(text, groups, locale) for term in query_terms(word, locale)]
    return [WeightedTerm(term) for term in own] + [
        WeightedTerm(term, WEIGHT) for term in dict.fromkeys(extra) if term not in own
    ]


class _Asked:
    def __init__(self, text: str, locale: str) -> None:
        self.text = normal(text, "zh-Hans")
        self.words = f" {' '.join(_stems(text))} "
        self.locale = locale

    def uses(self, word: str) -> bool:
        """Whole words (in any form) for Latin, a part of the text for Chinese and Japanese."""
        if not word.isascii():
            return normal(word, "zh-Hans") in self.text
        stems = _stems(word)
        return bool(stems) and f" {' '.join(stems)} " in self.words


def _stems(text: str) -> list[str]:
    return [term for term in terms(text, "en") if re.fullmatch(r"[a-z0-9]+", term)]
