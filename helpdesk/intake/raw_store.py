"""The bytes of mails as they came, kept outside everything that is served, until their retention date."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from helpdesk.config import Settings


@dataclass(frozen=True, slots=True)
class RawStore:
    """A folder of mails under the hash of their content."""

    folder: Path

    def put(self, raw: bytes) -> str:
        """Write the mail whole or not at all; gives its hash. The same mail again changes nothing."""
        sha256 = hashlib.sha256(raw).hexdigest()
        target = self._path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(raw)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The mail as it came. Raises `FileNotFoundError`."""
        return self._path(sha256).read_bytes()

    def delete(self, sha256: str) -> None:
        """Forget it."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256[2:]}.eml"


def raw_store(settings: Settings) -> RawStore:
    """Where this installation keeps mails."""
    return RawStore(settings.var / "mail-in")
