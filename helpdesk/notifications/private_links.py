"""A link that stands in the mail alone: the database keeps a seed of it, the outbox page shows dots.

Who reads the outbox, or a copy of the database, must not get into somebody's account by it.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

DOTS: Final = "•••"
_KEY: Final = "private"


def new_seed() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token_of(seed: str, *, secret: str) -> str:
    """The last part of the link: 256 bits that nobody has without both the seed and the installation's secret."""
    digest = hmac.digest(secret.encode(), f"private link {seed}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def private_link(path: str, seed: str) -> dict[str, dict[str, str]]:
    """What a mail's payload holds of a link to `path` with the token of `seed`; templates call it `private_link`."""
    return {_KEY: {"path": path, "seed": seed}}


def token_in(payload: Mapping[str, Any], *, secret: str) -> str:
    """The token that a mail carries, or nothing."""
    return token_of(payload[_KEY]["seed"], secret=secret) if _KEY in payload else ""


def link_in(payload: Mapping[str, Any], token: str) -> dict[str, str]:
    """The values for the templates: the link with `token`, or with dots in its place."""
    return {"private_link": payload[_KEY]["path"] + (token or DOTS)} if _KEY in payload else {}
