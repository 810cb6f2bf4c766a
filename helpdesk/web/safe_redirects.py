"""Redirects that stay in the house."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_path(target: str | None, *, default: str = "/") -> str:
    r"""`target` when it is a path of this site, else `default`.

    Backslashes and control characters are refused: browsers read `/\host` as another site.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or any(ord(character) < 32 for character in target):  # noqa: PLR2004 - control characters
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else default
