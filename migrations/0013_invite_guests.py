"""Invite guests to a ticket, and take copies back.

Revision: 0013
Follows: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_EVENTS_BEFORE = (
    "opened",
    "triaged",
    "assigned",
    "state_changed",
    "escalated",
    "vnet_answered",
    "resolved",
    "confirmed",
    "closed",
    "reopened",
    "rated",
    "tagged",
    "copied",
    "linked",
    "merged",
    "unmerged",
    "split",
)
_NEW = ("uncopied", "guest_invited", "guest_came", "guest_ended")


def _allow_events(kinds: tuple[str, ...]) -> None:
    """Change which kinds of events the database takes."""
    name = op.f("ck_ticket_event_eventkind")
    rule = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    with op.batch_alter_table("ticket_event") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, sa.text(rule))


def upgrade() -> None:
    op.create_table(
        "ticket_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_hash", sa.String(length=64), nullable=True),
        sa.Column("visit_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_ticket_guest_email_lower")),
        sa.CheckConstraint(
            "ended_at IS NULL OR (link_hash IS NULL AND visit_hash IS NULL)",
            name=op.f("ck_ticket_guest_ended_opens_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user_account.id"], name=op.f("fk_ticket_guest_invited_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_guest_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_guest")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_ticket_guest_link_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_guest_public_id")),
    )
    op.create_index(op.f("ix_ticket_guest_ticket_id"), "ticket_guest", ["ticket_id"])
    op.create_index(op.f("ix_ticket_guest_invited_by_id"), "ticket_guest", ["invited_by_id"])
    op.create_index(
        "uq_ticket_guest_once",
        "ticket_guest",
        ["ticket_id", "email"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("ticket_message") as table:
        table.alter_column("author_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("guest_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_ticket_message_guest_id_ticket_guest"), "ticket_guest", ["guest_id"], ["id"])
        table.create_check_constraint(op.f("ck_ticket_message_one_writer"), "(author_id IS NULL) <> (guest_id IS NULL)")
    with op.batch_alter_table("ticket_copy") as table:
        table.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_ticket_copy_by_id_user_account"), "user_account", ["by_id"], ["id"])
    _allow_events((*_EVENTS_BEFORE, *_NEW))


def downgrade() -> None:
    told = ", ".join(repr(kind) for kind in _NEW)
    op.execute(sa.text(f"DELETE FROM ticket_event WHERE kind IN ({told})"))  # noqa: S608 - words of ours
    _allow_events(_EVENTS_BEFORE)
    with op.batch_alter_table("ticket_copy") as table:
        table.drop_constraint(op.f("fk_ticket_copy_by_id_user_account"), type_="foreignkey")
        table.drop_column("by_id")
    # A guest's words stay; they count as the requester's, as before guests existed.
    op.execute(
        sa.text(
            "UPDATE ticket_message SET author_id = (SELECT requester_id FROM ticket WHERE ticket.id = ticket_id)"
            " , guest_id = NULL WHERE guest_id IS NOT NULL"
        )
    )
    with op.batch_alter_table("ticket_message") as table:
        table.drop_constraint(op.f("ck_ticket_message_one_writer"), type_="check")
        table.drop_constraint(op.f("fk_ticket_message_guest_id_ticket_guest"), type_="foreignkey")
        table.drop_column("guest_id")
        table.alter_column("author_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("ticket_guest")
