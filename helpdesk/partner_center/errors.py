"""What goes wrong with Partner Center, in words that tell what to do."""

from __future__ import annotations

from helpdesk.errors import DomainError


class PartnerCenterError(DomainError):
    """Partner Center did not do it."""


class NotConfigured(PartnerCenterError):
    """The connection to Partner Center is off. Set HELPDESK_PARTNER_CENTER_API and its credentials to use it."""


class SignInFailed(PartnerCenterError):
    """Partner Center does not take our credentials (%(reason)s). Check the registered application."""


class TenantUnknown(SignInFailed):
    """No tokens are given out at %(reason)s. Check the tenant and the authority for Partner Center in the settings."""


class ClientRefused(SignInFailed):
    """The tenant refuses our application for Partner Center (%(reason)s). Check its id, secret or certificate."""


class InteractionNeeded(SignInFailed):
    """The tenant wants a person (%(reason)s): an administrator there must consent to our application first."""


class KeyUnreadable(PartnerCenterError):
    """%(path)s holds no RSA private key that we can read. Give a PEM file without a passphrase."""


class Unreachable(PartnerCenterError):
    """Partner Center cannot be reached now, and the outcome is not known. Support reference: %(reference)s."""


class Throttled(PartnerCenterError):
    """Partner Center asks us to wait %(seconds)s seconds."""


class Refused(PartnerCenterError):
    """Partner Center refused it: %(description)s (%(status)s, code %(code)s). Support reference: %(reference)s."""


class ChangedMeanwhile(PartnerCenterError):
    """The subscription changes in Partner Center again and again. Look at it there."""


class WritesOff(PartnerCenterError):
    """Changes in Partner Center are switched off. Suspend by hand there, or set HELPDESK_PARTNER_CENTER_WRITES."""


class StateOdd(PartnerCenterError):
    """The subscription is %(state)s in Partner Center, so it cannot become %(goal)s. Look at it there."""


class NotSeenYet(PartnerCenterError):
    """Partner Center took the change, but shows the subscription as %(state)s. We look again."""


class DoneButOvertaken(PartnerCenterError):
    """It is %(state)s in Partner Center, but this case cannot say so. Look at both now."""


class StoppedUnexpectedly(PartnerCenterError):
    """The reading stopped on something that nobody expected. The worker's log says on what."""


class ForeignLink(PartnerCenterError):
    """Partner Center sent a link to another host. It was not followed."""
