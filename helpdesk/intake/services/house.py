"""What receiving needs of this installation, and how a mail arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from helpdesk.config import Settings
from helpdesk.files.store import FileStore, file_store
from helpdesk.intake.raw_store import RawStore, raw_store
from helpdesk.workcalendar.current import current_calendar
from helpdesk.workcalendar.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class House:
    """Addresses, keys and stores of this installation."""

    own_address: str
    reply_domain: str
    secrets: tuple[str, ...]
    vnet_domains: tuple[str, ...]
    authserv_id: str
    keep_for: timedelta
    zone: str
    raw: RawStore
    files: FileStore

    @classmethod
    def of(cls, settings: Settings) -> House:
        """The house that the settings describe."""
        return cls(
            own_address=settings.mail_from.lower(),
            reply_domain=settings.mail_reply_domain.lower(),
            secrets=tuple(settings.secrets()),
            vnet_domains=tuple(each.strip().lower() for each in settings.vnet_mail_domains.split(",") if each.strip()),
            authserv_id=settings.mail_authserv_id.lower(),
            keep_for=timedelta(days=settings.mail_keep_days),
            zone=settings.partner_time_zone,
            raw=raw_store(settings),
            files=file_store(settings),
        )

    def calendar(self, session: Session) -> WorkCalendar:
        """Our working time."""
        return current_calendar(session, zone=self.zone)


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail arrived; `sender` is None where the way in does not say, and empty for a report."""

    source: str = "file"
    sender: str | None = None
    recipients: tuple[str, ...] = ()
