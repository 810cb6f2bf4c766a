"""Read pages and totals of an invoice from an index alone.

Revision: 0021
Follows: 0020
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_invoice_line_page", "invoice_line", ["invoice_id", "subscription_id", "position", "total_minor"])
    op.drop_index("ix_invoice_line_invoice_id", table_name="invoice_line")


def downgrade() -> None:
    op.create_index("ix_invoice_line_invoice_id", "invoice_line", ["invoice_id"])
    op.drop_index("ix_invoice_line_page", table_name="invoice_line")
