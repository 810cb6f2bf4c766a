"""Choose who approves each stage.

Revision: 0016
Follows: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_APPROVAL = sa.Enum(
    "engine",
    "agent",
    "lead",
    "administrator",
    name="approval",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    with op.batch_alter_table("policy_stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval", _APPROVAL, server_default="engine", nullable=False))
    op.execute("UPDATE policy_stage SET approval = 'lead' WHERE kind = 'suspension'")
    with op.batch_alter_table("policy_stage", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_policy_stage_suspension_approved"),
            "kind <> 'suspension' OR approval IN ('lead', 'administrator')",
        )
    with op.batch_alter_table("policy_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "approvals",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_suspension_notice_approved_by_id_user_account"), "user_account", ["approved_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_suspension_notice_approved_by_id_user_account"), type_="foreignkey")
        batch_op.drop_column("approved_by_id")
        batch_op.drop_column("approved_at")
    with op.batch_alter_table("policy_draft", schema=None) as batch_op:
        batch_op.drop_column("approvals")
    with op.batch_alter_table("policy_stage", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_policy_stage_suspension_approved"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_policy_stage_approval"), type_="check")
        batch_op.drop_column("approval")
