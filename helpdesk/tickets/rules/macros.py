"""Variables of prepared answers, mentions of colleagues, and tags: what is written, made into what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from helpdesk.errors import DomainError

VARIABLES: Final = (
    "customer.name",
    "requester.name",
    "agent.name",
    "ticket.ref",
    "ticket.subject",
    "ticket.link",
    "invoice.number",
    "answer.due",
)
"""What a prepared answer may name in double braces."""

TAG_MAX: Final = 30
TAGS_MAX: Final = 12
_VARIABLE: Final = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
_TAG_SIGNS: Final = re.compile(r"[^\w\-.]+")

Person = TypeVar("Person")


class UnknownVariable(DomainError):
    """There is no variable “%(name)s”. Use one of: %(known)s."""


class TooManyTags(DomainError):
    """A ticket takes at most %(limit)d tags. Take one away first."""


class VariableLeft(DomainError):
    """The variable “%(name)s” still stands in the text. Write what is meant, or take it out; customers read it."""


def check_filled_in(text: str) -> None:
    """Pass a text for a customer in which no variable waits to be filled in. Raises `VariableLeft`."""
    left = [name for name in _VARIABLE.findall(text) if name in VARIABLES]
    if left:
        raise VariableLeft(name=left[0])


def check_variables(text: str) -> None:
    """Pass a text that names only what there is. Raises `UnknownVariable`."""
    for name in _VARIABLE.findall(text):
        if name not in VARIABLES:
            raise UnknownVariable(name=name, known=", ".join(VARIABLES))


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; one without a value is left to be seen."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)


def tidy_tag(text: str) -> str:
    """A tag as it is kept: small letters, signs between words made hyphens."""
    return _TAG_SIGNS.sub("-", text.strip().casefold()).strip("-")[:TAG_MAX]


def tags_in(text: str) -> list[str]:
    """Tags written in one line, by comma or blank, each once. Raises `TooManyTags`."""
    tags = [tag for tag in dict.fromkeys(tidy_tag(part) for part in re.split(r"[,，、;\s]+", text)) if tag]
    if len(tags) > TAGS_MAX:
        raise TooManyTags(limit=TAGS_MAX)
    return tags


def mentioned(text: str, people: Iterable[tuple[str, Person]]) -> list[Person]:
    """Those whose name (whole, or its first word) stands behind an @ in the text."""
    folded = text.casefold()
    return [person for name, person in people if any(_stands(folded, each) for each in _handles(name))]


def _handles(name: str) -> set[str]:
    words = name.casefold().split()
    return {name.casefold(), words[0], ".".join(words), "".join(words)} if words else set()


def _stands(text: str, handle: str) -> bool:
    return re.search(rf"@{re.escape(handle)}(?![a-z0-9])", text) is not None
