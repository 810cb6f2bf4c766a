"""Speaking with the identity provider: authorisation code with PKCE, state and nonce."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from requests import RequestException

from helpdesk.accounts.oidc.rules import AnswerNotOurs, Identity, ProviderRefused, ProviderSilent, identity_of
from helpdesk.config import Settings

_SECONDS: Final = 5
_ASYMMETRIC: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""An ID token signed with a shared secret, or not at all, is nothing that a provider alone can make."""


class _Client(OAuth2Mixin, OpenIDMixin):
    client_cls = OAuth2Session


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser is sent, and what must come back with it; the secrets stay in its session."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider of the settings."""

    def __init__(self, settings: Settings, *, back: str) -> None:
        """Speak for this installation; the browser comes back to the address `back`."""
        self._issuer, self._back = settings.oidc_issuer.rstrip("/"), back
        self._client = _Client(
            framework=None,
            name="provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": _SECONDS,
            },
        )

    def depart(self, *, again: bool = False) -> Departure:
        """Begin a sign-in; `again` has the provider ask although it knows the browser. Raises `ProviderSilent`."""
        more = {"prompt": "login", "max_age": 0} if again else {}
        try:
            self._metadata()
            made = self._client.create_authorization_url(self._back, **more)
        except (RequestException, AuthlibBaseError, ValueError, RuntimeError) as error:
            raise ProviderSilent from error
        return Departure(made["url"], made["state"], made["nonce"], made["code_verifier"])

    def arrive(self, answer: Mapping[str, str], *, state: str, nonce: str, verifier: str) -> Identity:
        """The person with whom the browser came back. Raises `AnswerNotOurs`, `ProviderRefused`, `ProviderSilent`."""
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise AnswerNotOurs
        if "code" not in answer:
            raise ProviderRefused
        try:
            self._metadata()
            token = self._client.fetch_access_token(
                self._back, code=answer["code"], code_verifier=verifier, state=state
            )
            claims = self._client.parse_id_token(token, nonce, claims_options=self._options())
        except (JoseError, KeyError, TypeError) as error:
            raise AnswerNotOurs from error
        except AuthlibBaseError as error:
            raise ProviderRefused from error
        except (RequestException, ValueError, RuntimeError) as error:
            raise ProviderSilent from error
        if claims is None or claims.get("nonce") != nonce:
            raise AnswerNotOurs
        return identity_of(claims)

    def _metadata(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.load_server_metadata()
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise RuntimeError("the provider calls itself otherwise")
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = [each for each in offered if each in _ASYMMETRIC]
        return found

    def _options(self) -> dict[str, dict[str, object]]:
        issuer = self._client.server_metadata["issuer"]
        return {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": self._client.client_id},
        }
