"""Choose how soon we answer, by topic and priority; warn in three steps.

Revision: 0008
Follows: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "answer_target",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "urgent",
                "high",
                "normal",
                "low",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_hours", sa.Integer(), nullable=False),
        sa.Column("next_hours", sa.Integer(), nullable=False),
        sa.Column("resolution_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "first_hours > 0 AND next_hours > 0 AND resolution_hours > 0",
            name=op.f("ck_answer_target_hours_above_zero"),
        ),
        sa.PrimaryKeyConstraint("topic", "priority", name=op.f("pk_answer_target")),
    )
    op.execute("UPDATE ticket SET warned = 3 WHERE warned = 2")


def downgrade() -> None:
    op.execute("UPDATE ticket SET warned = 2 WHERE warned = 3")
    op.drop_table("answer_target")
