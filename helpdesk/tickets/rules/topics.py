"""What each topic asks for, beside subject, words and files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.tickets.models import Priority, Topic

LINE, INVOICE, SUBSCRIPTION, AMOUNT = "line", "invoice", "subscription", "amount"


CONTEXT: Final = (LINE, INVOICE, SUBSCRIPTION)
"""What a customer may bring along from another page; a line says its invoice too."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Fields of a topic: those that must be filled, and those that may be."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    bank_slip: bool = False
    """Whether the files are proof of a payment."""

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them, in the order of the page."""
        return self.required + self.optional


TOPIC_FIELDS: Final[dict[Topic, Asks]] = {
    Topic.QUESTION: Asks(),
    Topic.DISPUTE: Asks(required=(LINE,), optional=(AMOUNT,)),
    Topic.REFUND: Asks(optional=(LINE, AMOUNT)),
    Topic.PAYMENT_MADE: Asks(required=(INVOICE, AMOUNT), bank_slip=True),
    Topic.FAPIAO: Asks(required=(INVOICE,)),
    Topic.SUSPENSION: Asks(required=(SUBSCRIPTION,)),
    Topic.POLICY: Asks(),
    Topic.OTHER: Asks(),
}


def asks_of(topic: Topic, *, brought: Collection[str] = ()) -> Asks:
    """Give what `topic` asks for, and what the customer brought along from where they came."""
    asks = TOPIC_FIELDS[topic]
    extra = [name for name in CONTEXT if name in brought and name not in asks.fields]
    if LINE in {*extra, *asks.fields} and INVOICE in extra:
        extra.remove(INVOICE)
    return replace(asks, optional=asks.optional + tuple(extra))


FIRST_PRIORITY: Final[dict[Topic, Priority]] = {
    Topic.SUSPENSION: Priority.HIGH,
    Topic.PAYMENT_MADE: Priority.HIGH,
    Topic.DISPUTE: Priority.HIGH,
}
"""Topics with a date running against the customer; the others begin as normal. Our choice."""


def first_priority(topic: Topic) -> Priority:
    """Give the priority a ticket begins with, until an agent decides."""
    return FIRST_PRIORITY.get(topic, Priority.NORMAL)
