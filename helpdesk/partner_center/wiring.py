"""The client of this installation."""

from __future__ import annotations

from helpdesk.config import Settings
from helpdesk.partner_center.client import PartnerCenterClient, Writes
from helpdesk.partner_center.errors import NotConfigured
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.tokens import Credentials, Tokens
from helpdesk.partner_center.wire import Wire


def partner_center(settings: Settings) -> PartnerCenter:
    """The real client. Raises `NotConfigured` unless it is switched on and has its credentials."""
    given = (settings.partner_center_tenant, settings.partner_center_client, settings.partner_center_secret)
    if settings.partner_center_api != "on" or not all(given):
        raise NotConfigured
    hosts = [settings.partner_center_api_url, settings.partner_center_authority]
    wire = Wire(hosts, loopback=settings.outgoing_loopback == "on")
    credentials = Credentials(
        authority=settings.partner_center_authority,
        tenant=settings.partner_center_tenant,
        client_id=settings.partner_center_client,
        secret=settings.partner_center_secret,
        resource=settings.partner_center_resource,
    )
    return PartnerCenterClient(
        wire,
        Tokens(wire, credentials),
        base_url=settings.partner_center_api_url,
        writes=Writes(settings.partner_center_writes),
    )


def writes_on(settings: Settings) -> bool:
    """Whether subscriptions may be changed through the API: it is set up, and the kill switch says on."""
    return settings.partner_center_api == "on" and settings.partner_center_writes == "on"
