"""Which state may follow which.

```
            our answer            customer writes
   new ───────────────► waiting ◄──────────────► open        (an answer of ours leads back to waiting)
    │                     │                        │
    ├─────────────────────┴───────────┬────────────┘
    │                                 │
    ▼ handed over                     ▼ explained
 with 21Vianet ──── answered ───►   resolved ──── confirmed, or no answer in time ───► closed
        (to open)                     │                                                  │
                                      └──────────────── not solved yet ──────────────────┘
                                                          (to open)
```

The customer may say “this is solved” before we do; a ticket that is with 21Vianet first has to come back.
"""

from __future__ import annotations

from typing import Final

from helpdesk.errors import DomainError
from helpdesk.tickets.models import TicketState

_S = TicketState
_LIVE: Final = frozenset({_S.WAITING_CUSTOMER, _S.WITH_21VIANET, _S.RESOLVED, _S.CLOSED})

TRANSITIONS: Final[dict[TicketState, frozenset[TicketState]]] = {
    _S.NEW: _LIVE | {_S.OPEN},
    _S.OPEN: _LIVE,
    _S.WAITING_CUSTOMER: (_LIVE - {_S.WAITING_CUSTOMER}) | {_S.OPEN},
    _S.WITH_21VIANET: frozenset({_S.OPEN}),
    _S.RESOLVED: frozenset({_S.CLOSED, _S.OPEN}),
    _S.CLOSED: frozenset({_S.OPEN}),
}

CLOCK_RUNS: Final = frozenset({_S.NEW, _S.OPEN})
"""States in which the customer waits for us."""

LIVE_STATES: Final = frozenset(TicketState) - {_S.CLOSED}
"""States of tickets that are not done."""


class TransitionRefused(DomainError):
    """The ticket stands elsewhere now, so that is not possible. Load the page again to see where it stands."""


class TicketClosed(DomainError):
    """This ticket is closed. Say that it is not solved yet to open it again, or open a new one."""


class NotYours(DomainError):
    """Only people of the customer can do that."""


def check_transition(before: TicketState, after: TicketState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `TransitionRefused`."""
    if after not in TRANSITIONS[before]:
        raise TransitionRefused(before=before.value, after=after.value)


def after_our_answer(state: TicketState) -> TicketState:
    """Where an answer of ours leaves the ticket. Raises `TicketClosed`."""
    if state is _S.CLOSED:
        raise TicketClosed
    return _S.WAITING_CUSTOMER if state in {_S.NEW, _S.OPEN} else state


def after_customer_wrote(state: TicketState) -> TicketState:
    """Where the customer's words leave the ticket. Raises `TicketClosed`."""
    if state is _S.CLOSED:
        raise TicketClosed
    return _S.OPEN if state in {_S.WAITING_CUSTOMER, _S.RESOLVED} else state


def may_escalate(state: TicketState) -> bool:
    """Whether the ticket can be handed to 21Vianet now."""
    return _S.WITH_21VIANET in TRANSITIONS[state]


def may_resolve(state: TicketState) -> bool:
    """Whether the ticket can be resolved now."""
    return _S.RESOLVED in TRANSITIONS[state]


def may_confirm(state: TicketState) -> bool:
    """Whether the customer can say that it is solved."""
    return _S.CLOSED in TRANSITIONS[state]
