"""Order changes from Partner Center.

Revision: 0011
Follows: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "partner_center_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "goal",
            sa.Enum("suspended", "active", name="ordergoal", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.Column(
            "values", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_partner_center_order_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["suspension_case.id"], name=op.f("fk_partner_center_order_case_id_suspension_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_center_order")),
        sa.UniqueConstraint("request_id", name=op.f("uq_partner_center_order_request_id")),
    )
    with op.batch_alter_table("partner_center_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_center_order_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_partner_center_order_due", ["state", "next_try_at"], unique=False)
        batch_op.create_index(
            "uq_partner_center_order_waiting",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    op.drop_table("partner_center_order")
