"""Keeping a secret that must be read again: sealed by the installation's key, so the database alone is not enough."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helpdesk.errors import DomainError


class SealBroken(DomainError):
    """The key with which a second factor was sealed is not among HELPDESK_SECRET_KEY and its fallbacks."""


def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"helpdesk second factor").derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))


class Seal:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Derive a key of its own from each of the installation's."""
        self._all = MultiFernet([_fernet(key) for key in keys])
        self._newest = _fernet(keys[0])

    def close(self, text: str) -> str:
        """The sealed text."""
        return self._all.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again. Raises `SealBroken`."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken from error

    def is_newest(self, sealed: str) -> bool:
        """Whether it was sealed with the first key."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renewed(self, sealed: str) -> str:
        """The same text sealed with the first key. Raises `SealBroken`."""
        return self.close(self.open(sealed))
