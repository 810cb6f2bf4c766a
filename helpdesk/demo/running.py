"""How the demonstration's desk is run: who is on duty, who gets which new ticket, and what is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import FieldKind, Topic
from helpdesk.tickets.services.assignment import RuleWords, keep_group, keep_rule, set_duty
from helpdesk.tickets.services.fields import FieldWords, keep_field


def load_running(session: Session, people: dict[str, User], *, now: datetime) -> None:
    """Two agents are on duty; disputes, Chinese and one large customer have rules of their own."""
    lead, tom, liu = (people[f"{name}@partner.example"] for name in ("mei.lin", "tom.becker", "liu.yang"))
    before = now - timedelta(days=40)
    chinese = keep_group(session, None, name="中文", members=[liu, lead], by=lead, now=before)
    disputes = keep_group(session, None, name="Disputes", members=[tom, liu], by=lead, now=before)
    nordwind = people["jonas@nordwind.example"].customer
    for words in (
        RuleWords(name="Nordwind", customer=nordwind, agent=tom),
        RuleWords(name="争议", topic=Topic.DISPUTE, group=disputes),
        RuleWords(name="中文工单", locale="zh-Hans", group=chinese),
    ):
        keep_rule(session, None, words, by=lead, now=before)
    _ask(session, lead, now=before)
    for agent in (tom, liu):
        set_duty(session, agent, is_on=True, by=agent, now=now - timedelta(hours=2))


def _ask(session: Session, lead: User, *, now: datetime) -> None:
    """A fapiao comes in two kinds; what may be credited is nobody's business but ours."""
    kinds = (
        {"en": "Special VAT fapiao", "zh-Hans": "增值税专用发票", "ja": "増値税専用発票"},
        {"en": "Plain VAT fapiao", "zh-Hans": "增值税普通发票", "ja": "増値税普通発票"},
    )
    for words in (
        FieldWords(
            topic=Topic.FAPIAO,
            kind=FieldKind.CHOICE,
            labels={"en": "Kind of fapiao", "zh-Hans": "发票类型", "ja": "発票の種類"},
            choices=kinds,
            required=True,
        ),
        FieldWords(
            topic=Topic.FAPIAO,
            kind=FieldKind.TEXT,
            labels={"en": "Taxpayer number", "zh-Hans": "纳税人识别号", "ja": "納税者番号"},
        ),
        FieldWords(
            topic=Topic.REFUND,
            kind=FieldKind.MONEY,
            labels={"en": "Credit we may give", "zh-Hans": "可给予的抵扣", "ja": "付与できるクレジット"},
            for_customer=False,
        ),
    ):
        keep_field(session, None, words, by=lead, now=now)
