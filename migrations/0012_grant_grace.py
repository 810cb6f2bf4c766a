"""Grant grace at each stage.

Revision: 0012
Follows: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("policy_stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grace_days", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_policy_stage_grace_days"), "grace_days >= 0")
    with op.batch_alter_table("policy_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "graces",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("policy_draft", schema=None) as batch_op:
        batch_op.drop_column("graces")
    with op.batch_alter_table("policy_stage", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_policy_stage_grace_days"), type_="check")
        batch_op.drop_column("grace_days")
