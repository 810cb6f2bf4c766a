"""Say why a notice was taken back.

Revision: 0020
Follows: 0019
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WITHDRAWAL = sa.Enum(
    "in_error",
    "corrected",
    "given_up",
    name="withdrawal",
    native_enum=False,
    create_constraint=True,
    length=40,
)


def upgrade() -> None:
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawal", _WITHDRAWAL, nullable=True))
        batch_op.add_column(sa.Column("closing_words", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.drop_column("closing_words")
        batch_op.drop_constraint(batch_op.f("ck_suspension_notice_withdrawal"), type_="check")
        batch_op.drop_column("withdrawal")
