"""Partner Center in memory: the twin for tests of those who use the port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpdesk.partner_center.errors import StateOdd
from helpdesk.partner_center.shapes import RemoteCustomer, RemoteInvoice, RemoteSubscription


@dataclass(slots=True)
class MemoryPartnerCenter:
    """Knows what it is given, and remembers what it was asked to change."""

    known_customers: list[RemoteCustomer] = field(default_factory=list)
    known_subscriptions: dict[tuple[str, str], RemoteSubscription] = field(default_factory=dict)
    known_invoices: list[RemoteInvoice] = field(default_factory=list)
    orders: list[tuple[str, str, str]] = field(default_factory=list)
    """Subscription, status, request id of every change that was made."""

    def customers(self) -> Iterator[RemoteCustomer]:
        """Every customer."""
        yield from self.known_customers

    def subscriptions(self, tenant_id: str) -> Iterator[RemoteSubscription]:
        """The subscriptions of one customer."""
        yield from (each for (tenant, _id), each in self.known_subscriptions.items() if tenant == tenant_id)

    def invoices(self) -> Iterator[RemoteInvoice]:
        """The invoices."""
        yield from self.known_invoices

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Suspend."""
        return self._bring((tenant_id, subscription_id), before="active", goal="suspended", request_id=request_id)

    def reactivate(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Make active again."""
        return self._bring((tenant_id, subscription_id), before="suspended", goal="active", request_id=request_id)

    def _bring(self, key: tuple[str, str], *, before: str, goal: str, request_id: str) -> RemoteSubscription:
        found = self.known_subscriptions[key]
        if found.status == goal:
            return found
        if found.status != before:
            raise StateOdd(state=found.status, goal=goal)
        self.known_subscriptions[key] = replace(found, status=goal)
        self.orders.append((key[1], goal, request_id))
        return self.known_subscriptions[key]
