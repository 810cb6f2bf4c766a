"""Ask fields of the partner's own.

Revision: 0009
Follows: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TOPICS = ("question", "dispute", "refund", "payment_made", "fapiao", "suspension", "policy", "other")
_KINDS = ("text", "choice", "date", "number", "money")


def _closed(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "ticket_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("topic", _closed("topic", _TOPICS), nullable=False),
        sa.Column("kind", _closed("fieldkind", _KINDS), nullable=False),
        sa.Column("labels", json, nullable=False),
        sa.Column("choices", json, nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("for_customer", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_field")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_field_public_id")),
    )
    op.create_index(op.f("ix_ticket_field_topic"), "ticket_field", ["topic"])
    op.create_table(
        "ticket_field_value",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["ticket_field.id"], name=op.f("fk_ticket_field_value_field_id_ticket_field")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_field_value_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "field_id", name=op.f("pk_ticket_field_value")),
    )


def downgrade() -> None:
    op.drop_table("ticket_field_value")
    op.drop_table("ticket_field")
