"""What an identity provider says of a person, and what we make of it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from helpdesk.errors import DomainError

PENDING: Final = timedelta(minutes=10)
"""So long a visit to the provider may take."""

AGAIN_WITHIN: Final = timedelta(minutes=5)
"""Who is asked to sign in again at the provider must have done it so short a while ago; clocks may differ."""


class ProviderSilent(DomainError):
    """The sign-in service does not answer. Try again in a minute, or sign in with your password."""


class ProviderRefused(DomainError):
    """The sign-in service did not let you in. Try again, or sign in with your password."""


class AnswerNotOurs(DomainError):
    """That answer of the sign-in service does not belong to this browser, or came too late. Please begin again."""


class AddressUnverified(DomainError):
    """The sign-in service has not verified your e-mail address, so we cannot tell whose account is yours."""


class NobodyByThatName(DomainError):
    """There is no account here for the person that the sign-in service names. Ask whoever manages your accounts."""


class NotAgain(DomainError):
    """The sign-in service did not ask you again, or somebody else signed in there. Please try once more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in at the provider, when, and how."""

    issuer: str
    subject: str
    email: str | None
    """The address, if the provider verified it."""
    is_two_step: bool
    authenticated_at: datetime | None


def identity_of(claims: Mapping[str, Any]) -> Identity:
    """The person of an ID token whose signature, issuer, audience and nonce were checked before."""
    verified = claims.get("email_verified") is True or claims.get("email_verified") == "true"
    auth_time = claims.get("auth_time")
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims["email"]).strip().lower() if verified and claims.get("email") else None,
        is_two_step="mfa" in (claims.get("amr") or []),
        authenticated_at=datetime.fromtimestamp(auth_time, tz=UTC) if isinstance(auth_time, int | float) else None,
    )


def check_again(identity: Identity, *, now: datetime) -> None:
    """Make sure that the provider asked anew. Raises `NotAgain`."""
    if identity.authenticated_at is None or now - identity.authenticated_at > AGAIN_WITHIN:
        raise NotAgain
