"""Give out new tickets by rules and turns.

Revision: 0005
Follows: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TOPICS = ("question", "dispute", "refund", "payment_made", "fapiao", "suspension", "policy", "other")
_EVENTS_BEFORE = (
    "opened",
    "triaged",
    "state_changed",
    "escalated",
    "vnet_answered",
    "resolved",
    "confirmed",
    "closed",
    "reopened",
    "rated",
    "tagged",
    "copied",
    "linked",
    "merged",
    "unmerged",
    "split",
)
_EVENTS = (*_EVENTS_BEFORE, "assigned")


def _allow_events(kinds: tuple[str, ...]) -> None:
    """Change which kinds of events the database takes."""
    name = op.f("ck_ticket_event_eventkind")
    rule = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    with op.batch_alter_table("ticket_event") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, sa.text(rule))


def upgrade() -> None:
    _allow_events(_EVENTS)
    op.create_table(
        "agent_duty",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_agent_duty_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agent_duty")),
    )
    op.create_table(
        "agent_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_group")),
        sa.UniqueConstraint("name", name=op.f("uq_agent_group_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agent_group_public_id")),
    )
    op.create_table(
        "agent_group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["agent_group.id"],
            name=op.f("fk_agent_group_member_group_id_agent_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_agent_group_member_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_agent_group_member")),
    )
    op.create_index(op.f("ix_agent_group_member_user_id"), "agent_group_member", ["user_id"])
    op.create_table(
        "assignment_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(*_TOPICS, name="topic", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(agent_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_assignment_rule_one_target")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["user_account.id"], name=op.f("fk_assignment_rule_agent_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_assignment_rule_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["agent_group.id"], name=op.f("fk_assignment_rule_group_id_agent_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_rule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_rule_public_id")),
    )
    op.create_index("ix_assignment_rule_position", "assignment_rule", ["position"])


def downgrade() -> None:
    op.drop_table("assignment_rule")
    op.drop_table("agent_group_member")
    op.drop_table("agent_group")
    op.drop_table("agent_duty")
    op.execute("UPDATE ticket_event SET kind = 'triaged' WHERE kind = 'assigned'")
    _allow_events(_EVENTS_BEFORE)
