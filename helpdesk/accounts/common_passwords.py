"""Which passwords everybody tries first: our own small list, and the shapes that such passwords take.

A list of long passwords alone would miss most of them: people lengthen a common word with digits, a year or
itself. So the password is reduced to its core (look-alike digits read as letters, the rest of the digits and signs
taken off), and the core is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORDS: Final = frozenset(
    """
    password passwort passw0rd passphrase passcode motdepasse contrasena secret mysecret topsecret geheim hidden
    welcome welcometo welcomeback hello helloworld letmein letmeinnow openup opensesame changeme changemenow
    changethis trustno trustnoone default temporary temp guest visitor test testing tester testtest sample example
    demo demodemo qwerty qwertz azerty qwertyuiop qwertyuiopasdfghjkl qwertyqwerty asdfgh asdfghjkl asdfasdf zxcvbn
    zxcvbnm qazwsx qazwsxedc wsxedc rfvtgb qweasd qweasdzxc poiuytrewq lkjhgfdsa mnbvcxz
    admin administrator adminadmin root rootroot superuser sysadmin system manager master operator support service
    login logon signin signup user username usuario account accounts computer laptop internet network server
    database oracle mysql postgres windows microsoft office officeone azure google apple samsung huawei lenovo
    alibaba tencent baidu weixin wechat alipay taobao
    iloveyou ilovehim ilover loveyou lovelove loveme loveforever iloveyousomuch mylove sweetheart babygirl princess
    sunshine shadow superman batman spiderman pokemon dragon monkey tiger panda football baseball basketball soccer
    hockey starwars freedom whatever michael jennifer jessica charlie thomas daniel matthew george summer winter
    spring autumn monday friday january february march april june july august september october november december
    china beijing shanghai shenzhen guangzhou hongkong taiwan zhongguo zhonghua japan nippon nihon tokyo osaka
    sakura kawaii doraemon pikachu konnichiwa arigato himitsu aishiteru
    woaini woaiwojia wobuzhidao wodemima mima mimamima nihao nihaoma xiexie zhangsan lisi wangwu woshishui
    woaizhongguo aini abcdef abcdefg abcdefgh abcdefghi abcabc abcd abc aabbcc
    helpdesk billing billinghelp invoice invoices vianet shijihulian lanhe lanhecloud cloud partner reseller
    customer company corporate finance accounting
    correcthorsebatterystaple thisismypassword mypassword yourpassword newpassword oldpassword thepassword
    password passwordpassword iamadmin imtheboss letmeinplease
    """.split()  # noqa: SIM905 - a list to read, not to count
)
_LOOK_ALIKE: Final = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_RUNS: Final = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890qwertyuiop",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qweasdzxcrtyfghvbn",
    "a1b2c3d4e5f6g7h8",
    "1a2b3c4d5e6f7g8h",
)
_FEW: Final = 4
"""Fewer different characters than this are no secret."""
_RUN: Final = 4
"""A run this long counts as one guess."""


def is_common(password: str, *, personal: Iterable[str] = ()) -> bool:
    """Whether `password` is among the first that anyone would try, for this person (`personal`: address, name)."""
    folded = password.casefold()
    if len(set(folded)) < _FEW or _is_repeated(folded) or _is_runs(folded):
        return True
    own = {part for text in personal for part in _parts(text)}
    return any(_is_known(core, own) for core in _cores(folded))


def _parts(text: str) -> set[str]:
    """The words of an address or a name that are long enough to be guessed as such, and the whole of it."""
    folded = text.casefold()
    words = re.split(r"[^\w]+|_", folded)
    whole = re.sub(r"[\W\d_]+", "", folded.split("@")[0])
    return {word for word in [*words, whole] if len(word) >= _FEW}


def _cores(folded: str) -> set[str]:
    """What is left of it without the usual ornaments, read literally and with look-alike digits as letters."""
    trimmed = re.sub(r"[\d\W_]+$", "", folded)
    plain = re.sub(r"[\d\W_]+", "", folded)
    alike = re.sub(r"[\d\W_]+", "", folded.translate(_LOOK_ALIKE))
    trimmed_alike = re.sub(r"[\d\W_]+", "", re.sub(r"^[\d\W_]+", "", trimmed).translate(_LOOK_ALIKE))
    return {core for core in (plain, alike, trimmed_alike) if core}


def _is_known(core: str, own: set[str]) -> bool:
    """Whether it is one common word, or two of them, or one twice."""
    known = _WORDS | own
    if core in known:
        return True
    return any(core[:cut] in known and core[cut:] in known for cut in range(3, len(core) - 2))


def _is_repeated(folded: str) -> bool:
    """Whether it is a short piece again and again: `abc1abc1abc1`."""
    again = (folded + folded).find(folded, 1)
    return again <= len(folded) // 2


def _is_runs(folded: str) -> bool:
    """Whether it is made of keyboard or counting runs and next to nothing else."""
    rest, left = folded, 0
    while rest:
        length = max((_run_at(rest, run) for run in _RUNS), default=0)
        left += length < _RUN
        rest = rest[length if length >= _RUN else 1 :]
    return left <= len(folded) // 4


def _run_at(text: str, run: str) -> int:
    """How many of the first characters of `text` follow each other in `run`."""
    length = 0
    while length < len(text) and text[: length + 1] in run:
        length += 1
    return length
