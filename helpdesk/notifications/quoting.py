"""What is new in a mail, and what is only quoted: our own marker line first, then what mail programs write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mailparser_reply import EmailReplyParser

MARK_BEGINS: Final = "##-"
MARK_ENDS: Final = "-##"
"""Around the line of our mails above which people write; the words between are in the reader's language."""

_MARK: Final = re.compile(r"[>\s|*]{0,20}##-.{1,120}-##\s*")
_HEADERS: Final = (
    re.compile(r"[>\s]{0,6}(在|于|於)?.{4,200}(写道|寫道|写到|来信|來信)\s?[:：]"),
    re.compile(r"[>\s]{0,6}.{4,200}(さん|様)?\s?(は?(書き|かき|記し)(ました|ます)|のメール)\s?[:：]?"),
    re.compile(r"[>\s]{0,6}\d{4}年\d{1,2}月\d{1,2}日.{0,20}\d{1,2}:\d{2}.{1,200}[:：]"),
    re.compile(r"[-_－—=]{2,}\s?(原始邮件|原始郵件|原邮件|转发的邮件|轉寄郵件|回复的原邮件)\s?[-_－—=]{2,}.{0,60}"),
    re.compile(r"[-_－—=]{2,}\s?Forwarded message\s?[-_－—=]{2,}"),
    re.compile(r"[-_－—=]{2,}\s?(元のメッセージ|転送メッセージ|転送されたメッセージ)\s?[-_－—=]{2,}"),
)
"""What the library does not know: the usual headers of Chinese and Japanese mail programs."""
_LIBRARY: Final = EmailReplyParser(languages=["en", "zh", "ja"])
_FIELD: Final = re.compile(
    r"[*\s]{0,3}(From|Sent|Date|To|Cc|Subject|发件人|寄件者|寄件人|发送时间|发送日期|日期|收件人|收件者|抄送|主题|主旨"
    r"|差出人|送信者|送信日時|日時|宛先|件名|CC)[*\s]{0,3}[:：]",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"_{8,100}\s*")
_FIELDS_TOGETHER: Final = 3
_LOOKED_AT: Final = 400
_TWO_LINES: Final = 200


@dataclass(frozen=True, slots=True)
class Split:
    """The words of the writer, and the history below them."""

    new: str
    quoted: str


@lru_cache(maxsize=512)
def split_quoted(text: str) -> Split:
    """Part a mail's text. Where nothing would remain above the quotation, everything is new."""
    whole = text.replace("\r\n", "\n")
    lines = whole.split("\n")
    cut = next((at for at in range(len(lines)) if _begins_quotation(lines, at)), len(lines))
    cut = min(cut, _trailing_quote(lines), _cut_of_library(whole))
    if cut and _RULE.fullmatch(lines[cut - 1]):
        cut -= 1
    new = "\n".join(lines[:cut]).rstrip()
    if not new.strip():
        return Split(text.strip(), "")
    return Split(new, "\n".join(lines[cut:]).strip())


def _cut_of_library(text: str) -> int:
    """In which line the quotation begins for the library: English and the common mail programs."""
    replies = _LIBRARY.read(text).replies
    return replies[0].content.count("\n") + 1 if replies else 0


def _begins_quotation(lines: list[str], at: int) -> bool:
    line = lines[at]
    if len(line) > _LOOKED_AT or not line.strip():
        return False
    if _MARK.fullmatch(line):
        return True
    return _is_header(line.strip(), lines, at) or _is_field_block(lines, at)


def _is_header(line: str, lines: list[str], at: int) -> bool:
    """A line such as “… 写道：”, alone or broken over two lines, with something below it."""
    if not any(rest.strip() for rest in lines[at + 1 : at + 6]):
        return False
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    broken = line.startswith("在 ") and not following.startswith(">") and len(line) + len(following) < _TWO_LINES
    return any(header.fullmatch(line) or (broken and header.fullmatch(f"{line} {following}")) for header in _HEADERS)


def _is_field_block(lines: list[str], at: int) -> bool:
    """Three or more header fields in a row, as Outlook writes them."""
    if not _FIELD.match(lines[at]):
        return False
    return sum(bool(_FIELD.match(line[:_LOOKED_AT])) for line in lines[at : at + 6]) >= _FIELDS_TOGETHER


def _trailing_quote(lines: list[str]) -> int:
    """Where the lines with `>` at the end of the text begin."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith(">")):
        at -= 1
    return at
