"""Let a line of an invoice gather many charges of 21Vianet.

Revision: 0015
Follows: 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("charges", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "invoice_line_charge",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["invoice_line.id"], name=op.f("fk_invoice_line_charge_line_id_invoice_line")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["reconciliation_row.id"], name=op.f("fk_invoice_line_charge_row_id_reconciliation_row")
        ),
        sa.PrimaryKeyConstraint("line_id", "row_id", name=op.f("pk_invoice_line_charge")),
    )
    op.create_index(op.f("ix_invoice_line_charge_row_id"), "invoice_line_charge", ["row_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_invoice_line_charge_row_id"), table_name="invoice_line_charge")
    op.drop_table("invoice_line_charge")
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.drop_column("charges")
