"""Who gets a new ticket: rules in their order, groups of agents, and who is on duty."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.db import Base, closed_set, public_id
from helpdesk.tickets.models.ticket import Topic

_group_member = sa.Table(
    "agent_group_member",
    Base.metadata,
    sa.Column("group_id", sa.ForeignKey("agent_group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user_account.id"), primary_key=True, index=True),
)


class Duty(Base):
    """Whether somebody takes new tickets now, and since when."""

    __tablename__ = "agent_duty"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    is_on: Mapped[bool]
    since: Mapped[datetime]
    last_given_at: Mapped[datetime | None]
    """When a ticket was last given by itself: whose turn it is."""

    user: Mapped[User] = relationship()


class AgentGroup(Base):
    """Agents who share a kind of ticket."""

    __tablename__ = "agent_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)

    members: Mapped[list[User]] = relationship(secondary=_group_member, order_by="User.name")


class AssignmentRule(Base):
    """New tickets that fit go to one agent, or to whoever's turn it is in a group; what is empty fits all."""

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    topic: Mapped[Topic | None] = mapped_column(closed_set(Topic))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    locale: Mapped[str] = mapped_column(sa.String(10), default="")
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent_group.id"))

    customer: Mapped[Customer | None] = relationship()
    agent: Mapped[User | None] = relationship()
    group: Mapped[AgentGroup | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(agent_id IS NULL) <> (group_id IS NULL)", name="one_target"),
        sa.Index("ix_assignment_rule_position", "position"),
    )
