"""Tell that mail waits for its server.

Revision: 0018
Follows: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("worker_beat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_paused_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_error", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("worker_beat", schema=None) as batch_op:
        batch_op.drop_column("mail_error")
        batch_op.drop_column("mail_paused_until")
