"""Whom a mail goes to, where that is not simply a person at their own address."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.accounts.models import User


@dataclass(frozen=True, slots=True)
class Addressee:
    """An address, how its owner is greeted, and in which language."""

    id: int | None
    email: str
    name: str
    locale: str
    time_zone: str


def at_address(person: User, email: str) -> Addressee:
    """A person at another address than the one of their account."""
    return Addressee(person.id, email, person.name, person.locale, person.time_zone)
