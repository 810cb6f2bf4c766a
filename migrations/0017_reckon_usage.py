"""Keep what usage lines should cost, and which invoice a file names.

Revision: 0017
Follows: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reckoned_minor", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names_invoice", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.drop_column("names_invoice")
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.drop_column("reckoned_minor")
