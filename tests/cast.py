"""The small cast that tells every test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.permissions import Role


@dataclass(frozen=True, slots=True)
class Cast:
    """Two customers and the partner's people."""

    lanting: Customer
    """兰亭设计, the customer most tests are about."""
    sakura: Customer
    """さくら商事, another customer."""
    wang_fang: User
    """Billing contact of Lanting, Simplified Chinese."""
    li_na: User
    """Her colleague, an ordinary member."""
    sato: User
    """Billing contact of Sakura, Japanese: the other customer's user."""
    tom: User
    """An agent, English."""
    mei: User
    """A lead."""
    emma: User
    """A KB editor."""
    root: User
    """An administrator."""


def make_cast(session: Session, *, now: datetime) -> Cast:
    """Save the cast."""
    lanting = Customer(
        name="兰亭设计有限公司",
        tenant_id="0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001",
        domain="lanting.partner.onmschina.cn",
        locale="zh-Hans",
        created_at=now,
    )
    sakura = Customer(
        name="さくら商事株式会社",
        tenant_id="0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1002",
        domain="sakura.partner.onmschina.cn",
        locale="ja",
        time_zone="Asia/Tokyo",
        created_at=now,
    )

    def person(email: str, name: str, role: Role, customer: Customer | None = None, locale: str = "en") -> User:
        return User(email=email, name=name, role=role, customer=customer, locale=locale, created_at=now)

    cast = Cast(
        lanting=lanting,
        sakura=sakura,
        wang_fang=person("wang.fang@lanting.example", "王芳", Role.BILLING_CONTACT, lanting, "zh-Hans"),
        li_na=person("li.na@lanting.example", "李娜", Role.CUSTOMER_MEMBER, lanting, "zh-Hans"),
        sato=person("sato@sakura.example", "佐藤 健", Role.BILLING_CONTACT, sakura, "ja"),
        tom=person("tom@partner.example", "Tom Becker", Role.AGENT),
        mei=person("mei@partner.example", "Mei Lin", Role.LEAD),
        emma=person("emma@partner.example", "Emma Jones", Role.KB_EDITOR),
        root=person("root@partner.example", "Ada Root", Role.ADMINISTRATOR),
    )
    session.add_all([lanting, sakura, cast.wang_fang, cast.li_na, cast.sato, cast.tom, cast.mei, cast.emma, cast.root])
    session.flush()
    return cast
