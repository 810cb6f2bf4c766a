"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from helpdesk.safety import refuse_unsafe

ROOT = Path(__file__).resolve().parents[1]


class Environment(StrEnum):
    """Where the product runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Everything an operator may choose; each is `HELPDESK_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="HELPDESK_", extra="ignore")

    env: Environment = Environment.DEVELOPMENT
    var: Path = ROOT / "var"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = ""
    database_url: str = ""
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL"
    secret_key: str = ""
    secret_key_fallbacks: str = ""
    """Earlier secret keys, by comma: what they signed or sealed is still read, nothing new is signed with them."""
    staff_two_factor: Literal["auto", "on", "off"] = "auto"
    """Whether the partner's people must sign in with a second step; `auto` is on in production."""
    oidc_issuer: str = ""
    """Address of an identity provider with which people may sign in too; off without it."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    """What the button calls it; by default the issuer's host."""
    retention: Literal["off", "on"] = "off"
    """Whether what is over its time is thrown away every day; `helpdesk privacy retention --dry-run` tells what."""
    search_keep_days: int = Field(default=365, ge=1)
    """So long questions to the search are kept: what the articles lack shows over a year."""
    sent_mail_keep_days: int = Field(default=730, ge=30)
    """So long the texts of sent mails about tickets and accounts are kept; notices stay."""
    notification_keep_days: int = Field(default=365, ge=30)
    """So long what somebody was told in the portal alone is kept; what depends on money or access stays."""
    guest_keep_days: int = Field(default=365, ge=1)
    """So long the address of somebody from outside is kept after their access to a ticket ended."""
    rate_limits: Literal["on", "off"] = "on"
    web_workers: int = Field(default=2, ge=1, le=64)
    queue_url: str = ""
    mail_url: str = ""
    mail_from: str = "billing@partner.example"
    mail_reply_domain: str = ""
    """Domain whose mail for `reply+...` comes in here: mails about tickets then have signed reply addresses."""
    mail_listen: str = ""
    """Where mail is taken from a mail server on this machine: `lmtp://127.0.0.1:8024` or `smtp://...`."""
    mail_imap_url: str = ""
    """The mailbox to fetch from: `imaps://user:password@host/INBOX`."""
    mail_authserv_id: str = ""
    """Name by which the receiving mail server signs its Authentication-Results; then senders must have passed."""
    mail_keep_days: int = Field(default=30, ge=1, le=365)
    """So long the original of a mail is kept, so that a mistake can be mended."""
    search_engine: Literal["whoosh", "postgres", "auto"] = "auto"
    partner_name: str = "Lanhe Cloud"
    partner_time_zone: str = "Asia/Shanghai"
    partner_support_email: str = "billing@partner.example"
    partner_center_url: str = "https://partner.partnercenter.microsoftonline.cn/pcv/dashboard/overview"
    escalation_approval_above: int = Field(default=50_000, ge=0)
    """A case with 21Vianet about more than this (major units of the customer's currency) is approved by a lead."""
    escalation_new_agent_days: int = Field(default=14, ge=0)
    """So long after joining, an agent's cases with 21Vianet are approved by a lead; 0 turns it off."""
    outgoing_loopback: Literal["off", "on"] = "off"
    """Whether outgoing HTTP may speak to this machine: for tests and development alone."""
    partner_center_api: Literal["off", "on"] = "off"
    partner_center_api_url: str = "https://partner.partnercenterapi.microsoftonline.cn"
    partner_center_authority: str = Field(default="https://login.partner.microsoftonline.cn", pattern="^https://")
    partner_center_tenant: str = ""
    partner_center_client: str = ""
    partner_center_secret: str = ""
    partner_center_key: str = ""
    """File with the private key (PEM) of a certificate to sign in with, instead of a secret."""
    partner_center_thumbprint: str = Field(default="", pattern="^$|^[0-9A-Fa-f]{40}$")
    """SHA-1 of that certificate, in hexadecimal, as the registered application shows it."""
    partner_center_resource: str = "https://graph.chinacloudapi.cn"
    partner_center_every_hours: int = Field(default=6, ge=1, le=168)
    """The worker reads Partner Center once in so many hours, where it is set up."""
    partner_center_writes: Literal["off", "dry-run", "on"] = "off"
    """The kill switch: nothing is suspended or reactivated through the API unless it is on."""
    payment_proof_hold_days: int = Field(default=5, ge=0, le=30)
    """So many days a proof of payment keeps the suspension clock still while nobody has looked at it."""
    vnet_mail_domains: str = "21vianet.com,oe.21vianet.com"
    """Domains, by comma, from which 21Vianet writes."""
    clamd: str = Field(default="", pattern=r"^$|^[^\s]+:[0-9]{1,5}$")
    """Where ClamAV's daemon listens, `host:port`; without it files are not looked at for viruses."""
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _fill(self) -> Settings:
        self.var = self.var.expanduser().resolve()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.var / 'helpdesk.db'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        if self.search_engine == "auto":
            self.search_engine = "whoosh" if self.is_sqlite else "postgres"
        if not self.base_url:
            self.base_url = f"http://{self.host}:{self.port}"
        refuse_unsafe(self)
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the application's database is one file on this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def is_production(self) -> bool:
        """Whether this is a real installation."""
        return self.env is Environment.PRODUCTION

    @property
    def oidc_label(self) -> str:
        """What the identity provider is called on the pages; nothing where there is none."""
        return self.oidc_name or urlsplit(self.oidc_issuer).hostname or ""

    @property
    def staff_needs_second_factor(self) -> bool:
        """Whether the partner's people may do nothing before they have a second step."""
        return self.staff_two_factor == "on" or (self.staff_two_factor == "auto" and self.is_production)

    def secrets(self) -> list[str]:
        """Every key with which something may be signed or sealed, the one for new things first."""
        return [self.secret(), *self.fallbacks()]

    def fallbacks(self) -> list[str]:
        """The earlier secret keys."""
        return [each.strip() for each in self.secret_key_fallbacks.split(",") if each.strip()]

    def signing_keys(self) -> list[str]:
        """The same as itsdangerous wants them: the one for new things last."""
        return self.secrets()[::-1]

    def secret(self) -> str:
        """The key that signs sessions: given, or (in development) made once and kept in `var`."""
        if self.secret_key:
            return self.secret_key
        path = self.var / "secret_key"
        self.var.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        key = secrets.token_urlsafe(48)
        with os.fdopen(handle, "w") as file:
            file.write(key)
        return key
