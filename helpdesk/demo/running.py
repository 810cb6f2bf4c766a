"""How the demonstration's desk is run: who is on duty, and who gets which new ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Topic
from helpdesk.tickets.services.assignment import RuleWords, keep_group, keep_rule, set_duty


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
    for agent in (tom, liu):
        set_duty(session, agent, is_on=True, by=agent, now=now - timedelta(hours=2))
