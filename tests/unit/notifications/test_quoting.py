"""The new words are shown, the history is folded."""

from __future__ import annotations

import pytest

from helpdesk.notifications.quoting import split_quoted

HISTORY = [
    "##- Write your answer above this line -##\nHello 王芳,\n\nWe answered.",
    "> ##- 请在此行以上填写回复 -##\n> 您好",
    "On Tue, Nov 24, 2026 at 10:00 AM Lanhe Cloud <billing@partner.example> wrote:\n> Hello",
    "On Tue, Nov 24, 2026 at 10:00 AM Lanhe Cloud\n<billing@partner.example> wrote:\n> Hello",
    "在 2026年11月24日 10:00，Lanhe Cloud <billing@partner.example> 写道：\n> 您好",
    "于 2026-11-24 10:00，蓝禾 写道:\n\n您好",
    "Lanhe Cloud <billing@partner.example> 于2026年11月24日周二 10:00写道：\n您好",
    "蓝禾 <billing@partner.example> 於 2026年11月24日 寫道：\n> 您好",
    "2026年11月24日(火) 10:00 Lanhe Cloud <billing@partner.example>:\n> 佐藤様",
    "2026/11/24 10:00、Lanhe Cloudのメール:\n\n> 佐藤様",
    "蓝禾さんは書きました:\n> 佐藤様",
    "-----Original Message-----\nFrom: Lanhe\nHello",
    "------------------ 原始邮件 ------------------\n发件人: 蓝禾\n您好",
    "-----元のメッセージ-----\n佐藤様",
    "________________________________\nFrom: Lanhe <billing@partner.example>\nSent: Tuesday\nTo: Fang\nSubject: Re: x",
    "发件人: 蓝禾\n发送时间: 2026年11月24日\n收件人: 王芳\n主题: 答复",
    "差出人: 蓝禾\n送信日時: 2026年11月24日\n宛先: 佐藤\n件名: Re: 請求",
    "> Hello\n> again",
    "On 24/11/2026 10:00, Lanhe Cloud wrote:\nHello",
    "From: Lanhe <billing@partner.example>\nDate: Tuesday, 24 November 2026\nTo: Fang\nSubject: Re: x\n\nHello",
    "---------- Forwarded message ---------\nFrom: Lanhe <billing@partner.example>\nHello",
]


@pytest.mark.parametrize("history", HISTORY)
def test_the_history_is_parted_from_the_answer(history: str) -> None:
    split = split_quoted(f"Thanks, that is clear.\n谢谢。\n\n{history}")

    assert split.new == "Thanks, that is clear.\n谢谢。"
    assert split.quoted == history.strip()


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: nothing changed.",
        "From: the first line of a table\nand no more",
        "价格 > 100 的项目",
        "在附件中写道的金额不对。",
        "> only a quotation",
    ],
)
def test_words_that_only_look_so_stay(text: str) -> None:
    assert (split_quoted(text).new, split_quoted(text).quoted) == (text, "")


def test_an_answer_between_the_quoted_lines_is_kept_whole() -> None:
    text = "> Is it line 3?\nYes.\n> And the amount?\n26.61"

    assert split_quoted(text).new == text
