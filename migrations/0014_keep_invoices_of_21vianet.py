"""Keep the invoices of 21Vianet to the partner.

Revision: 0014
Follows: 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "vnet_invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("billed_on", sa.Date(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_raw", sa.String(length=40), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("amends", sa.String(length=40), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vnet_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_vnet_invoice_number")),
    )
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vnet_invoice_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_reconciliation_file_vnet_invoice_id"), ["vnet_invoice_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_reconciliation_file_vnet_invoice_id_vnet_invoice"), "vnet_invoice", ["vnet_invoice_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_reconciliation_file_vnet_invoice_id_vnet_invoice"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_reconciliation_file_vnet_invoice_id"))
        batch_op.drop_column("vnet_invoice_id")
    op.drop_table("vnet_invoice")
