"""Who plays in the demonstration: a dozen customers, their people, and the partner's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from helpdesk.permissions import Role

PASSWORD: Final = "paper-lantern-42"  # noqa: S105 - printed at start, for the demonstration alone
_NAMESPACE: Final = uuid.UUID("5b0c9a52-0a68-4d1c-9d6b-6b1f0c1d2e3f")


def guid(text: str) -> str:
    """A GUID that is the same on every machine."""
    return str(uuid.uuid5(_NAMESPACE, text))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    email: str
    name: str
    role: Role
    locale: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A customer: what it bought, and how it pays."""

    slug: str
    name: str
    locale: str
    time_zone: str
    people: tuple[Person, ...]
    offers: tuple[tuple[str, int], ...]
    """(offer key, seats)."""
    overdue_days: int
    """Days since its last unpaid invoice was due; 0 pays in time, below 0 is not due yet."""
    paid_part: int = 0
    """Percent of the overdue invoice that was paid."""

    @property
    def tenant_id(self) -> str:
        """The customer's Microsoft ID."""
        return guid(f"tenant:{self.slug}")

    @property
    def domain(self) -> str:
        """The tenant's domain."""
        return f"{self.slug}.partner.onmschina.cn"


def _contact(slug: str, local: str, name: str, locale: str) -> Person:
    return Person(f"{local}@{slug}.example", name, Role.BILLING_CONTACT, locale)


def _member(slug: str, local: str, name: str, locale: str) -> Person:
    return Person(f"{local}@{slug}.example", name, Role.CUSTOMER_MEMBER, locale)


_CN, _JP = "Asia/Shanghai", "Asia/Tokyo"
_ZH, _JA, _EN = "zh-Hans", "ja", "en"

ORGANISATIONS: Final = (
    Organisation("lanting", "兰亭设计有限公司", _ZH, _CN, (_contact("lanting", "wang.fang", "王芳", _ZH), _member("lanting", "li.na", "李娜", _ZH)), (("e3", 18), ("visio", 4)), 24),
    Organisation("sakura", "さくら商事株式会社", _JA, _JP, (_contact("sakura", "sato", "佐藤 健", _JA), _member("sakura", "tanaka", "田中 美咲", _JA)), (("business", 25),), 5),
    Organisation("harbour", "Harbour & Finch Trading", _EN, _CN, (_contact("harbour", "grace", "Grace Finch", _EN), _member("harbour", "oliver", "Oliver Reed", _EN)), (("business", 40), ("project", 6)), -12),
    Organisation("mingde", "苏州明德电子有限公司", _ZH, _CN, (_contact("mingde", "zhou.min", "周敏", _ZH),), (("e3", 60),), 12),
    Organisation("yunshan", "北京云杉教育科技", _ZH, _CN, (_contact("yunshan", "chen.jie", "陈洁", _ZH), _member("yunshan", "wu.di", "吴迪", _ZH)), (("business", 35),), 41),
    Organisation("minato", "株式会社みなと物流", _JA, _JP, (_contact("minato", "suzuki", "鈴木 葵", _JA),), (("e3", 30), ("visio", 3)), 12),
    Organisation("nordwind", "Nordwind Logistics China", _EN, _CN, (_contact("nordwind", "jonas", "Jonas Weber", _EN),), (("e3", 80), ("dynamics", 10)), -3),
    Organisation("baichuan", "成都百川餐饮管理", _ZH, _CN, (_contact("baichuan", "he.lin", "何琳", _ZH),), (("business", 15),), 38),
    Organisation("hailan", "青岛海澜食品", _ZH, _CN, (_contact("hailan", "sun.hao", "孙浩", _ZH),), (("business", 22), ("project", 2)), 13, 60),
    Organisation("towa", "東和精密工業株式会社", _JA, _JP, (_contact("towa", "yamamoto", "山本 直樹", _JA),), (("e3", 45),), -8),
    Organisation("greenvalley", "Green Valley Foods", _EN, _CN, (_contact("greenvalley", "amelia", "Amelia Stone", _EN),), (("business", 12),), 4),
    Organisation("qiming", "深圳启明软件", _ZH, _CN, (_contact("qiming", "luo.yan", "罗燕", _ZH), _member("qiming", "xu.kai", "徐凯", _ZH)), (("e3", 28), ("dynamics", 5)), 0),
)  # fmt: skip

STAFF: Final = (
    Person("tom.becker@partner.example", "Tom Becker", Role.AGENT, _EN),
    Person("liu.yang@partner.example", "刘洋", Role.AGENT, _ZH),
    Person("mei.lin@partner.example", "林梅", Role.LEAD, _ZH),
    Person("emma.jones@partner.example", "Emma Jones", Role.KB_EDITOR, _EN),
    Person("ada.root@partner.example", "Ada Root", Role.ADMINISTRATOR, _EN),
)

_ROLE_WORDS: Final = {
    Role.BILLING_CONTACT: "billing contact",
    Role.CUSTOMER_MEMBER: "customer member",
    Role.AGENT: "agent",
    Role.LEAD: "lead",
    Role.KB_EDITOR: "KB editor",
    Role.ADMINISTRATOR: "administrator",
}


def sign_ins() -> list[str]:
    """One sign-in a role, as lines to print."""
    shown: dict[Role, Person] = {}
    for person in (*ORGANISATIONS[0].people, *STAFF):
        shown.setdefault(person.role, person)
    lines = [f"{_ROLE_WORDS[role]:<16} {shown[role].email:<28} ({shown[role].name})" for role in _ROLE_WORDS]
    return [*lines, f"password for all: {PASSWORD}"]
