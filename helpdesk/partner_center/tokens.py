"""Signing in as an application through msal; the token is kept until it is mostly used up."""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from msal import ConfidentialClientApplication

from helpdesk.partner_center.errors import ClientRefused, InteractionNeeded, SignInFailed, TenantUnknown, Throttled
from helpdesk.partner_center.wire import LineDown, Wire, seconds_to_wait

_USED_UP: Final = 0.8
"""A token is renewed at this part of its life."""
_DEFAULT_LIFE: Final = 3600
_WANTS_A_PERSON: Final = frozenset({"interaction_required", "consent_required", "login_required"})
_REFUSES_THE_CLIENT: Final = frozenset({"invalid_client", "unauthorized_client"})
_THROTTLED, _SERVER_ERROR = 429, 500


@dataclass(frozen=True, slots=True)
class Credentials:
    """The application that is registered in the partner's China tenant; a certificate goes before a secret."""

    authority: str
    tenant: str
    client_id: str
    resource: str
    secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    """PEM."""
    thumbprint: str = ""
    """SHA-1 of the certificate, in hexadecimal, as the registration shows it."""

    @property
    def for_msal(self) -> str | dict[str, str]:
        """As msal takes it."""
        if not self.private_key:
            return self.secret
        return {"private_key": self.private_key, "thumbprint": self.thumbprint}


class Tokens:
    """The bearer token of the moment; `wire` reaches the authority and nothing else."""

    def __init__(self, wire: Wire, credentials: Credentials, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Sign in only when a token is asked for."""
        self._wire, self._credentials, self._clock = wire, credentials, clock
        self._application: Any = None
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """A token that is good for a while. Raises `SignInFailed`, `LineDown`, `Throttled`, `ForeignLink`."""
        if not self._token or self._clock() >= self._until:
            self._renew()
        return self._token

    def forget(self) -> None:
        """Sign in anew at the next call: the token was refused."""
        self._token = ""

    def _renew(self) -> None:
        application = self._signed_up()
        application.remove_tokens_for_client()
        try:
            answer = application.acquire_token_for_client([f"{self._credentials.resource}/.default"])
        except ValueError as error:
            raise SignInFailed(reason="JSON") from error
        if "access_token" not in answer:
            raise _refusal(answer)
        self._until = self._clock() + float(answer.get("expires_in", _DEFAULT_LIFE)) * _USED_UP
        self._token = str(answer["access_token"])

    def _signed_up(self) -> Any:  # noqa: ANN401 - msal has no types
        """The application, after msal has read at the authority where tokens are given out."""
        if self._application is not None:
            return self._application
        given = self._credentials
        authority = f"{given.authority.rstrip('/')}/{given.tenant}"
        try:
            self._application = ConfidentialClientApplication(
                given.client_id,
                client_credential=given.for_msal,
                authority=authority,
                instance_discovery=False,  # it would ask a host of the public cloud whether ours is known
                azure_region=ConfidentialClientApplication.DISABLE_MSAL_FORCE_REGION,
                http_client=_Sender(self._wire),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
            raise TenantUnknown(reason=authority) from error
        return self._application


@dataclass(frozen=True, slots=True)
class _Response:
    """What msal reads of an answer."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class _Sender:
    """What msal sends with: our wire, so that it reaches no host but the authority."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> _Response:
        """Read."""
        return self._send("GET", url, params, headers)

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Response:
        """Send a form."""
        form = urllib.parse.urlencode(data or {}).encode()
        typed = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._send("POST", url, params, typed, form)

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: bytes | None = None,
    ) -> _Response:
        full = f"{url}?{urllib.parse.urlencode(params)}" if params else url
        answer = self._wire.send(method, full, headers=headers or {}, body=body)
        if answer.status == _THROTTLED:
            raise Throttled(seconds=int(seconds_to_wait(answer)))
        if answer.status >= _SERVER_ERROR:
            raise LineDown(f"HTTP {answer.status}")
        return _Response(answer.status, answer.body.decode("utf-8", "replace"), answer.headers)


def _refusal(answer: Mapping[str, Any]) -> SignInFailed:
    """Why there is no token: the name of the error and Entra's numbers, without what may hold more."""
    names = {str(answer.get(key, "")) for key in ("error", "suberror")}
    numbers = [f"AADSTS{number}" for number in answer.get("error_codes") or []]
    reason = ", ".join([str(answer.get("error", "–")), *numbers])
    if names & _WANTS_A_PERSON:
        return InteractionNeeded(reason=reason)
    if names & _REFUSES_THE_CLIENT:
        return ClientRefused(reason=reason)
    return SignInFailed(reason=reason)
