"""The few words that rendering adds, in the language of the text."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "en": {
        "table": "Table",
        "done": "done",
        "open": "to do",
        "variable": "Unknown variable",
        "footnote": "Back to footnote {} in the text",
    },
    "zh-Hans": {
        "table": "表格",
        "done": "已完成",
        "open": "待办",
        "variable": "未知变量",
        "footnote": "返回正文中的注 {}",
    },
    "ja": {"table": "表", "done": "完了", "open": "未完了", "variable": "不明な変数", "footnote": "本文の注 {} に戻る"},
}


def word(name: str, locale: str) -> str:
    """The word in the language of the text, or in English."""
    return _WORDS.get(locale, _WORDS["en"])[name]
