"""What the product asks of Partner Center."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from helpdesk.partner_center.shapes import RemoteCustomer, RemoteInvoice, RemoteSubscription


class PartnerCenter(Protocol):
    """Reads customers, subscriptions and invoices; suspends and reactivates where that is switched on."""

    def customers(self) -> Iterator[RemoteCustomer]:
        """Every customer."""

    def subscriptions(self, tenant_id: str) -> Iterator[RemoteSubscription]:
        """The subscriptions of one customer."""

    def invoices(self) -> Iterator[RemoteInvoice]:
        """The invoices of 21Vianet to the partner."""

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Suspend; `request_id` is the same at every try of one order. Raises `WritesOff`, `StateOdd`."""

    def reactivate(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Make active again. Raises `WritesOff`."""
