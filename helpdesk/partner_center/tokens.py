"""Signing in as an application: one POST, the answer kept until it is mostly used up."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from helpdesk.partner_center.errors import SignInFailed
from helpdesk.partner_center.wire import Answer, Wire

_USED_UP: Final = 0.8
"""A token is renewed at this part of its life."""
_DEFAULT_LIFE: Final = 3600


@dataclass(frozen=True, slots=True)
class Credentials:
    """The application that is registered in the partner's China tenant."""

    authority: str
    tenant: str
    client_id: str
    secret: str
    resource: str


class Tokens:
    """The bearer token of the moment."""

    def __init__(self, wire: Wire, credentials: Credentials, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Sign in only when a token is asked for."""
        self._wire, self._credentials, self._clock = wire, credentials, clock
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """A token that is good for a while. Raises `SignInFailed`, `Unreachable`."""
        if not self._token or self._clock() >= self._until:
            self._renew()
        return self._token

    def forget(self) -> None:
        """Sign in anew at the next call: the token was refused."""
        self._token = ""

    def _renew(self) -> None:
        given = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": given.client_id,
            "client_secret": given.secret,
            "resource": given.resource,
        }
        answer = self._wire.send(
            "POST",
            f"{given.authority.rstrip('/')}/{given.tenant}/oauth2/token",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body=urllib.parse.urlencode(form).encode(),
        )
        self._token = self._found(answer)

    def _found(self, answer: Answer) -> str:
        try:
            body = json.loads(answer.body)
            token, life = str(body["access_token"]), float(body.get("expires_in", _DEFAULT_LIFE))
        except (ValueError, KeyError, TypeError) as error:
            raise SignInFailed(reason=f"HTTP {answer.status}") from error
        self._until = self._clock() + life * _USED_UP
        return token
