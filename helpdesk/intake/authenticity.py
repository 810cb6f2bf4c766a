"""What our own receiving server found out about the sender. Anybody can write such a header; only ours counts."""

from __future__ import annotations

import re
from typing import Final

from helpdesk.intake.parsing import Mail

_VERDICT: Final = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
_FAILED: Final = frozenset({"fail", "permerror", "softfail"})


def is_authentic(mail: Mail, *, authserv_id: str) -> bool | None:
    """Whether the server named `authserv_id` found the sender genuine; None where none is named or it did not say.

    The first such header is the newest: a server puts its own above what the mail brought along.
    """
    if not authserv_id:
        return None
    for value in mail.headers.all("authentication-results")[:1]:
        text = value.decode("utf-8", "replace")
        if text.partition(";")[0].split()[:1] != [authserv_id]:
            return False
        verdicts: dict[str, str] = {name.lower(): verdict.lower() for name, verdict in reversed(_VERDICT.findall(text))}
        if "dmarc" in verdicts and verdicts["dmarc"] != "none":
            return verdicts["dmarc"] == "pass"
        if verdicts.get("spf") in _FAILED and verdicts.get("dkim") != "pass":
            return False
        return "pass" in verdicts.values() or None
    return False
