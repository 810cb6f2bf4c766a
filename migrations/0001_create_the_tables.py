"""Create the tables.

Revision: 0001
Follows:
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("default",)
depends_on: Sequence[str] | None = None


_CIRCLE = "fk_article_translation_source_revision_id_article_revision"
_GUARDS = {
    "sqlite": [
        "CREATE TRIGGER IF NOT EXISTS audit_entry_is_never_changed BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_entry_is_never_deleted BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        "CREATE TRIGGER IF NOT EXISTS ledger_entry_no_UPDATE BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        "CREATE TRIGGER IF NOT EXISTS ledger_entry_no_DELETE BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE OR REPLACE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()",
        "CREATE OR REPLACE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()",
        "CREATE OR REPLACE FUNCTION ledger_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_entry is append-only'; END $$",
        "CREATE OR REPLACE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_append_only()",
    ],
}
_UNGUARD = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_entry_is_never_changed",
        "DROP TRIGGER IF EXISTS audit_entry_is_never_deleted",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS audit_entry_is_never_changed ON audit_entry",
        "DROP TRIGGER IF EXISTS audit_entry_is_never_emptied ON audit_entry",
        "DROP FUNCTION IF EXISTS audit_entry_is_append_only()",
        "DROP FUNCTION IF EXISTS ledger_entry_is_append_only() CASCADE",
    ],
}


def _dialect() -> str:
    return op.get_bind().dialect.name


def _in_place(constraint: sa.Constraint) -> list[sa.Constraint]:
    """SQLite takes the circular key with its table; PostgreSQL takes it when both tables are there."""
    return [constraint] if _dialect() == "sqlite" else []


def upgrade() -> None:
    op.create_table(
        "article_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_pattern")),
        sa.UniqueConstraint("locale", "name", name=op.f("uq_article_pattern_locale_name")),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column(
            "names", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("domain", name=op.f("uq_customer_domain")),
        sa.UniqueConstraint("public_id", name=op.f("uq_customer_public_id")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_customer_tenant_id")),
    )
    op.create_table(
        "periodic_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_run")),
        sa.UniqueConstraint("name", "slot", name=op.f("uq_periodic_run_name_slot")),
    )
    op.create_table(
        "search_collection",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("mean_length", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "locale", name=op.f("pk_search_collection")),
    )
    op.create_table(
        "search_counted",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_search_counted")),
    )
    op.create_table(
        "search_delete",
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("locale", "key", "word", name=op.f("pk_search_delete")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "headings", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("analyzer", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("squashed_title", sa.Text(), nullable=False),
        sa.Column("squashed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "object_id", "locale", name=op.f("uq_search_document_kind_object_id_locale")),
    )
    with op.batch_alter_table("search_document", schema=None) as batch_op:
        batch_op.create_index("ix_search_document_kind_locale_length", ["kind", "locale", "length"], unique=False)

    op.create_table(
        "search_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clicked_object_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_query")),
    )
    with op.batch_alter_table("search_query", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_query_at"), ["at"], unique=False)

    op.create_table(
        "search_state",
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("analyzer", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("engine", name=op.f("pk_search_state")),
    )
    op.create_table(
        "search_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "words", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
    )
    op.create_table(
        "search_term",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "term", sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "locale", "term", name=op.f("pk_search_term")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_vector",
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("vector", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_search_vector")),
    )
    with op.batch_alter_table("search_vector", schema=None) as batch_op:
        batch_op.create_index(
            "ix_search_vector_vector",
            ["vector"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )

    op.create_table(
        "search_word",
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column(
            "stem", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("locale", "word", "audience", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index("ix_search_word_locale_stem", ["locale", "stem"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=50), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_account", ["account_key", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_at"), ["at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_network", ["network", "at"], unique=False)

    op.create_table(
        "ticket_to_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_to_index")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "issued", "void", name="invoicestatus", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_invoice_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_customer", ["customer_id", "issued_on"], unique=False)

    op.create_table(
        "search_suffix",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "suffix",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_document.id"],
            name=op.f("fk_search_suffix_document_id_search_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_suffix")),
    )
    with op.batch_alter_table("search_suffix", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_suffix_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_search_suffix_locale_suffix", ["locale", "suffix"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.String(length=60), nullable=False),
        sa.Column("offer_name", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=60), nullable=False),
        sa.Column("vnet_subscription_id", sa.String(length=60), nullable=False),
        sa.Column("portal_subscription_id", sa.String(length=60), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "cancelled",
                "deleted",
                name="subscriptionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("term_start", sa.Date(), nullable=False),
        sa.Column("term_end", sa.Date(), nullable=False),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_subscription_seats")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_subscription_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("portal_subscription_id", name=op.f("uq_subscription_portal_subscription_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscription_public_id")),
        sa.UniqueConstraint("vnet_subscription_id", name=op.f("uq_subscription_vnet_subscription_id")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "customer_member",
                "billing_contact",
                "agent",
                "lead",
                "kb_editor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role IN ('billing_contact', 'customer_member')) = (customer_id IS NOT NULL)",
            name=op.f("ck_user_account_customer_by_role"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_user_account_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "public", "customers", "agents", name="audience", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "products", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "topics", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_article_category_id_category")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_article_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_category_id"), ["category_id"], unique=False)

    op.create_table(
        "article_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "no_result",
                "no_click",
                "unhelpful",
                "tickets",
                "not_deflected",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column(
            "evidence", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_article_task_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_article_task_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_task")),
        sa.UniqueConstraint("kind", "locale", "title", "slug", name=op.f("uq_article_task_kind_locale_title_slug")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column(
            "after", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_entry_actor_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index("ix_audit_entry_object", ["object_type", "object_id"], unique=False)

    op.create_table(
        "billing_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "license", "usage", "invoices", name="importkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("billed_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "checked",
                "wanted",
                "done",
                "refused",
                "dropped",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("skip_bad", sa.Boolean(), nullable=False),
        sa.Column("replace", sa.Boolean(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("bad_count", sa.Integer(), nullable=False),
        sa.Column("bad", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("rejects_sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "findings", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "refusal", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_billing_import_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_billing_import_public_id")),
    )
    with op.batch_alter_table("billing_import", schema=None) as batch_op:
        batch_op.create_index("ix_billing_import_state", ["state", "id"], unique=False)

    op.create_table(
        "blocked_sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_blocked_sender_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_sender")),
        sa.UniqueConstraint("address", name=op.f("uq_blocked_sender_address")),
    )
    op.create_table(
        "collections_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_collections_hold_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_collections_hold_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["user_account.id"], name=op.f("fk_collections_hold_released_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_collections_hold_public_id")),
    )
    with op.batch_alter_table("collections_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collections_hold_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "collections_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_collections_policy_published_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections_policy")),
        sa.UniqueConstraint("version", name=op.f("uq_collections_policy_version")),
    )
    op.create_table(
        "markup_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.String(length=60), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent >= -100000000 AND percent <= 1000000000", name=op.f("ck_markup_rule_percent")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_markup_rule_changed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_markup_rule")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_markup_rule_offer_id")),
    )
    op.create_table(
        "notification_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "way",
            sa.Enum("mail", "digest", "portal", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notification_choice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("group_key", sa.String(length=60), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("recipient_name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "dead",
                "dropped",
                "portal_only",
                name="outboxstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=60), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["user_account.id"], name=op.f("fk_outbox_message_handled_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["user_account.id"], name=op.f("fk_outbox_message_recipient_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_message_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outbox_message_public_id")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_outbox_message_order", ["group_key", "recipient_id", "id"], unique=False)
        batch_op.create_index("ix_outbox_message_portal", ["recipient_id", "read_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "payment_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("said_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_promise_amount")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_payment_promise_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_payment_promise_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_promise")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_promise_public_id")),
    )
    with op.batch_alter_table("payment_promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_promise_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "policy_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "days", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "texts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user_account.id"], name=op.f("fk_policy_draft_saved_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
    )
    op.create_table(
        "policy_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("extra_days", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extra_days > 0", name=op.f("ck_policy_exception_extra_days")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_policy_exception_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_policy_exception_customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_exception")),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_exception_public_id")),
    )
    with op.batch_alter_table("policy_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_exception_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "reconciliation_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("billed_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["user_account.id"], name=op.f("fk_reconciliation_file_imported_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_reconciliation_file_sha256")),
    )
    op.create_table(
        "ticket_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column(
            "fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ticket_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_draft_public_id")),
        sa.UniqueConstraint("user_id", "place", name=op.f("uq_ticket_draft_user_id_place")),
    )
    with op.batch_alter_table("ticket_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_draft_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "ticket_macro",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "bodies", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "topic",
            sa.Enum(
                "question",
                "dispute",
                "refund",
                "payment_made",
                "fapiao",
                "suspension",
                "policy",
                "other",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("tag", sa.String(length=30), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["user_account.id"], name=op.f("fk_ticket_macro_updated_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_macro")),
        sa.UniqueConstraint("name", name=op.f("uq_ticket_macro_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_macro_public_id")),
    )
    op.create_table(
        "ticket_saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_ticket_saved_view_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_saved_view")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_ticket_saved_view_owner_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_saved_view_public_id")),
    )
    with op.batch_alter_table("ticket_saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_saved_view_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "ticket_suggestion_opened",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column("article", sa.String(length=160), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_ticket_suggestion_opened_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_suggestion_opened")),
        sa.UniqueConstraint("form_key", "article", name=op.f("uq_ticket_suggestion_opened_form_key_article")),
    )
    with op.batch_alter_table("ticket_suggestion_opened", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_suggestion_opened_at"), ["at"], unique=False)

    op.create_table(
        "article_desk",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column(
            "begun", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "written", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_desk_article_id_article")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_article_desk_user_id_user_account")),
        sa.PrimaryKeyConstraint("article_id", "locale", "user_id", name=op.f("pk_article_desk")),
    )
    with op.batch_alter_table("article_desk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_desk_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "article_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_image_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_image")),
        sa.UniqueConstraint("article_id", "name", name=op.f("uq_article_image_article_id_name")),
    )
    op.create_table(
        "article_redirect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_redirect_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_redirect")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_redirect_slug")),
    )
    with op.batch_alter_table("article_redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_redirect_article_id"), ["article_id"], unique=False)

    op.create_table(
        "article_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "published",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "extra", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "related", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("related_on", sa.Date(), nullable=True),
        sa.Column("source_revision_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_translation_article_id_article")),
        *_in_place(sa.ForeignKeyConstraint(["source_revision_id"], ["article_revision.id"], name=op.f(_CIRCLE))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_translation")),
        sa.UniqueConstraint("article_id", "locale", name=op.f("uq_article_translation_article_id_locale")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("mail_message_id", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "accepted",
                "bounced",
                "failed",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f("fk_delivery_message_id_outbox_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("mail_message_id", name=op.f("uq_delivery_mail_message_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "policy_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_policy_acceptance_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["collections_policy.id"], name=op.f("fk_policy_acceptance_policy_id_collections_policy")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_policy_acceptance_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_acceptance")),
        sa.UniqueConstraint("policy_id", "customer_id", name=op.f("uq_policy_acceptance_policy_id_customer_id")),
    )
    with op.batch_alter_table("policy_acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_acceptance_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "policy_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reminder",
                "second_reminder",
                "final_notice",
                "suspension",
                "deletion",
                name="stagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day_offset", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["collections_policy.id"], name=op.f("fk_policy_stage_policy_id_collections_policy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_stage")),
        sa.UniqueConstraint("policy_id", "kind", name=op.f("uq_policy_stage_policy_id_kind")),
    )
    op.create_table(
        "policy_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["collections_policy.id"], name=op.f("fk_policy_text_policy_id_collections_policy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_text")),
        sa.UniqueConstraint("policy_id", "locale", name=op.f("uq_policy_text_policy_id_locale")),
    )
    op.create_table(
        "reconciliation_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=60), nullable=False),
        sa.Column("vnet_subscription_id", sa.String(length=60), nullable=False),
        sa.Column("portal_subscription_id", sa.String(length=60), nullable=False),
        sa.Column("offer_id", sa.String(length=60), nullable=False),
        sa.Column("offer_name", sa.String(length=200), nullable=False),
        sa.Column("charge_type", sa.String(length=60), nullable=False),
        sa.Column("charge_start", sa.Date(), nullable=False),
        sa.Column("charge_end", sa.Date(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("identity", sa.BigInteger(), nullable=False),
        sa.Column("consumed", sa.String(length=40), nullable=True),
        sa.Column("included", sa.String(length=40), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("raw", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["reconciliation_file.id"], name=op.f("fk_reconciliation_row_file_id_reconciliation_file")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["reconciliation_file.id"],
            name=op.f("fk_reconciliation_row_replaced_by_id_reconciliation_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_row")),
        sa.UniqueConstraint("row_key", name=op.f("uq_reconciliation_row_row_key")),
    )
    with op.batch_alter_table("reconciliation_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconciliation_row_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reconciliation_row_identity"), ["identity"], unique=False)
        batch_op.create_index(batch_op.f("ix_reconciliation_row_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reconciliation_row_vnet_subscription_id"), ["vnet_subscription_id"], unique=False
        )

    op.create_table(
        "suspension_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "reminder",
                "second_reminder",
                "final_notice",
                "suspension",
                "deletion",
                name="stagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_force",
                "settled",
                "withdrawn",
                "superseded",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access_changes_on", sa.Date(), nullable=False),
        sa.Column("data_deleted_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("data_deleted_on > access_changes_on", name=op.f("ck_suspension_notice_clocks")),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"],
            ["user_account.id"],
            name=op.f("fk_suspension_notice_acknowledged_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_suspension_notice_customer_id_customer")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["collections_policy.id"], name=op.f("fk_suspension_notice_policy_id_collections_policy")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_suspension_notice_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suspension_notice_public_id")),
    )
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspension_notice_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspension_notice_subscription_id"), ["subscription_id"], unique=False)
        batch_op.create_index(
            "uq_suspension_notice_in_force",
            ["subscription_id"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "ticket_draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["ticket_draft.id"],
            name=op.f("fk_ticket_draft_file_draft_id_ticket_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_draft_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_draft_file_public_id")),
    )
    with op.batch_alter_table("ticket_draft_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_draft_file_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "article_draft",
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_article_draft_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_draft_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("translation_id", name=op.f("pk_article_draft")),
    )
    op.create_table(
        "article_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column("reader_key", sa.String(length=64), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_feedback_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_feedback")),
        sa.UniqueConstraint("translation_id", "reader_key", name=op.f("uq_article_feedback_translation_id_reader_key")),
    )
    op.create_table(
        "article_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column(
            "plan",
            sa.Enum("publish", "unpublish", name="plan", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_article_plan_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_plan_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_plan")),
        sa.UniqueConstraint("translation_id", "plan", name=op.f("uq_article_plan_translation_id_plan")),
    )
    with op.batch_alter_table("article_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_plan_due_at"), ["due_at"], unique=False)

    op.create_table(
        "article_reads",
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_reads_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("translation_id", "day", name=op.f("pk_article_reads")),
    )
    op.create_table(
        "article_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submitted",
                "comment",
                "returned",
                "approved",
                name="reviewstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_article_review_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_review_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_review")),
    )
    with op.batch_alter_table("article_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_review_translation_id"), ["translation_id"], unique=False)

    op.create_table(
        "article_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_article_revision_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translation.id"],
            name=op.f("fk_article_revision_translation_id_article_translation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_revision")),
        sa.UniqueConstraint("translation_id", "number", name=op.f("uq_article_revision_translation_id_number")),
    )
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("reconciliation_row_id", sa.Integer(), nullable=True),
        sa.Column(
            "charge_type",
            sa.Enum(
                "Purchase fee",
                "Prorate fees when purchase",
                "Prorate fees when activate",
                "Cycle fee",
                "Cycle instance prorate",
                "Cancel instance prorate",
                "Prorate fees when cancel",
                "Prorate fee when renew",
                "Renew fee",
                "Activation fee",
                "Offset line item",
                "Activation discount",
                "Cycle discount",
                "Renew discount",
                "Cancel discount",
                "Assess usage fee for current cycle",
                "Assess usage fee when cancel",
                name="chargetype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("charge_start", sa.Date(), nullable=False),
        sa.Column("charge_end", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("used", sa.String(length=40), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["reconciliation_row_id"],
            ["reconciliation_row.id"],
            name=op.f("fk_invoice_line_reconciliation_row_id_reconciliation_row"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_invoice_line_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invoice_line_public_id")),
    )
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_line_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invoice_line_reconciliation_row_id"), ["reconciliation_row_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invoice_line_subscription_id"), ["subscription_id"], unique=False)

    op.create_table(
        "notice_invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_notice_invoice_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["suspension_notice.id"], name=op.f("fk_notice_invoice_notice_id_suspension_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_invoice")),
    )
    with op.batch_alter_table("notice_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_invoice_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_invoice_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "notice_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["suspension_notice.id"], name=op.f("fk_notice_view_notice_id_suspension_notice")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_view_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_view")),
        sa.UniqueConstraint("notice_id", "user_id", name=op.f("uq_notice_view_notice_id_user_id")),
    )
    with op.batch_alter_table("notice_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_view_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "suspension_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "non_payment",
                "misuse",
                "customer_request",
                name="suspensionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "suspended",
                "reactivated",
                "deleted",
                "dropped",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_by_id", sa.Integer(), nullable=True),
        sa.Column("suspended_proof", sa.Text(), nullable=False),
        sa.Column("data_deleted_on", sa.Date(), nullable=True),
        sa.Column("reactivation_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reactivation_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_suspension_case_approved_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user_account.id"], name=op.f("fk_suspension_case_closed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_suspension_case_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["suspension_notice.id"], name=op.f("fk_suspension_case_notice_id_suspension_notice")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_suspension_case_proposed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reactivation_asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_suspension_case_reactivation_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_suspension_case_subscription_id_subscription")
        ),
        sa.ForeignKeyConstraint(
            ["suspended_by_id"], ["user_account.id"], name=op.f("fk_suspension_case_suspended_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suspension_case_public_id")),
    )
    with op.batch_alter_table("suspension_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspension_case_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspension_case_subscription_id"), ["subscription_id"], unique=False)
        batch_op.create_index(
            "uq_suspension_case_open",
            ["subscription_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
        )

    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "withdrawn",
                "granted",
                "declined",
                name="disputestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_amount")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user_account.id"], name=op.f("fk_dispute_closed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["invoice_line.id"], name=op.f("fk_dispute_line_id_invoice_line")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user_account.id"], name=op.f("fk_dispute_opened_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dispute_public_id")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            "uq_dispute_open_line",
            ["line_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("payment", "credit", name="ledgerkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_entry_amount")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_ledger_entry_dispute_id_dispute")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_ledger_entry_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_ledger_entry_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "topic",
            sa.Enum(
                "question",
                "dispute",
                "refund",
                "payment_made",
                "fapiao",
                "suspension",
                "policy",
                "other",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "urgent", "high", "normal", "low", name="priority", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "open",
                "waiting_customer",
                "with_21vianet",
                "resolved",
                "closed",
                name="ticketstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("dispute_id", sa.Integer(), nullable=True),
        sa.Column("origin_query", sa.String(length=200), nullable=False),
        sa.Column("origin_article_id", sa.Integer(), nullable=True),
        sa.Column("origin_notice", sa.String(length=16), nullable=False),
        sa.Column("idempotency_key", sa.String(length=40), nullable=False),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("loop_opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_ticket_rating")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ticket_customer_id_customer")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_ticket_dispute_id_dispute")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_ticket_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["origin_article_id"], ["article.id"], name=op.f("fk_ticket_origin_article_id_article")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_ticket_owner_id_user_account")),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["user_account.id"], name=op.f("fk_ticket_requester_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_ticket_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_ticket_dispute_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ticket_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_counts", ["state", "owner_id", "answer_due_at"], unique=False)
        batch_op.create_index("ix_ticket_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_ticket_customer_updated", ["customer_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_ticket_due", ["answer_due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_ticket_priority", ["priority", "answer_due_at", "id"], unique=False)
        batch_op.create_index("ix_ticket_queue", ["state", "answer_due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index("ix_ticket_updated", ["updated_at", "id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting_approval",
                "prepared",
                "filed",
                "information_requested",
                "answered",
                "closed",
                "withdrawn",
                name="escalationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "training",
                "documentation",
                "support_tools",
                name="escalationreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("tried_article_id", sa.Integer(), nullable=True),
        sa.Column(
            "severity",
            sa.Enum(
                "critical", "moderate", "minimal", name="severity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_detail", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "approval_cause",
            sa.Enum("amount", "new_agent", name="approvalcause", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("approval_note", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_number", sa.String(length=60), nullable=True),
        sa.Column("representative", sa.String(length=120), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_revision", sa.Integer(), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("information_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "granted",
                "explained",
                "declined",
                "inappropriate",
                "withdrawn",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "credit_watch",
            sa.Enum(
                "expected",
                "arrived",
                "missing",
                name="creditwatch",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("credit_row_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'granted') = (credit_minor IS NOT NULL)", name=op.f("ck_escalation_credit_if_granted")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_escalation_approved_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_escalation_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["credit_row_id"], ["reconciliation_row.id"], name=op.f("fk_escalation_credit_row_id_reconciliation_row")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["user_account.id"], name=op.f("fk_escalation_filed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_escalation_subscription_id_subscription")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_escalation_ticket_id_ticket")),
        sa.ForeignKeyConstraint(
            ["tried_article_id"], ["article.id"], name=op.f("fk_escalation_tried_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("credit_row_id", name=op.f("uq_escalation_credit_row_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_escalation_public_id")),
        sa.UniqueConstraint("request_number", name=op.f("uq_escalation_request_number")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_board", ["state", "next_check_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(
            "uq_escalation_open_ticket",
            ["ticket_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
        )

    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("envelope_from", sa.String(length=320), nullable=True),
        sa.Column(
            "envelope_to", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("sender_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "attachments", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "result",
            sa.Enum(
                "created",
                "joined",
                "side_thread",
                "bounce",
                "auto_reply",
                "quarantined",
                "rejected",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "known_sender",
                "token",
                "message_id",
                "ticket_closed",
                "vnet_case",
                "accepted_by_hand",
                "joined_by_hand",
                "delivery_failed",
                "delivery_delayed",
                "delivery_report",
                "not_our_mail",
                "automatic",
                "no_sender",
                "several_senders",
                "not_authentic",
                "unknown_sender",
                "sender_disabled",
                "staff_without_ticket",
                "not_a_participant",
                "forged_token",
                "vnet_without_case",
                "too_many",
                "empty",
                "too_large",
                "refused",
                "failed",
                "own_mail",
                "blocked",
                "duplicate",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw_deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["user_account.id"], name=op.f("fk_incoming_mail_handled_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_incoming_mail_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incoming_mail_public_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_incoming_mail_sha256")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_mail_keep", ["raw_deleted_at", "keep_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_incoming_mail_result", ["result", "id"], unique=False)
        batch_op.create_index("ix_incoming_mail_sender", ["sender", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_mail_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "payment_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "declined",
                name="proofstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_proof_amount")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_payment_proof_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_payment_proof_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_proof_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_payment_proof_sent_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_proof")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_proof_public_id")),
    )
    with op.batch_alter_table("payment_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_proof_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index("ix_payment_proof_state", ["state", "sent_at"], unique=False)
        batch_op.create_index(
            "uq_payment_proof_waiting",
            ["invoice_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "ticket_copy",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_copy_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ticket_copy_user_id_user_account")),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_copy")),
    )
    with op.batch_alter_table("ticket_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_copy_user_id"), ["user_id"], unique=False)

    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "triaged",
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
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "data", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_ticket_event_actor_id_user_account")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_event_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_invoice_line",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["invoice_line.id"], name=op.f("fk_ticket_invoice_line_line_id_invoice_line")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_invoice_line_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "line_id", name=op.f("pk_ticket_invoice_line")),
    )
    with op.batch_alter_table("ticket_invoice_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_invoice_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "related",
                "merged",
                "split",
                "follow_up",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "undo", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ticket_id <> other_id", name=op.f("ck_ticket_link_two_tickets")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_ticket_link_by_id_user_account")),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name=op.f("fk_ticket_link_other_id_ticket")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_link_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint("ticket_id", "other_id", "kind", name=op.f("uq_ticket_link_ticket_id_other_id_kind")),
    )
    with op.batch_alter_table("ticket_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_link_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_link_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("public", "internal", name="messagekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("explains", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_ticket_message_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_message_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ticket_message_public_id")),
    )
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_message_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_presence",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_presence_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ticket_presence_user_id_user_account")),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_presence")),
    )
    with op.batch_alter_table("ticket_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_presence_at"), ["at"], unique=False)

    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_tag_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name=op.f("pk_ticket_tag")),
    )
    with op.batch_alter_table("ticket_tag", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_tag_tag", ["tag", "ticket_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["ticket_message.id"], name=op.f("fk_attachment_message_id_ticket_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachment_public_id")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "contact_log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("portal", "call", "mail", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum("from_us", "from_21vianet", name="direction", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("mail_message_id", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_contact_log_entry_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_contact_log_entry_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_log_entry")),
        sa.UniqueConstraint("mail_message_id", name=op.f("uq_contact_log_entry_mail_message_id")),
    )
    with op.batch_alter_table("contact_log_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_log_entry_escalation_id"), ["escalation_id"], unique=False)

    op.create_table(
        "escalation_line",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_line_escalation_id_escalation")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["invoice_line.id"], name=op.f("fk_escalation_line_line_id_invoice_line")),
        sa.PrimaryKeyConstraint("escalation_id", "line_id", name=op.f("pk_escalation_line")),
    )
    with op.batch_alter_table("escalation_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "escalation_note",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_note_escalation_id_escalation")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["ticket_message.id"], name=op.f("fk_escalation_note_message_id_ticket_message")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "message_id", name=op.f("pk_escalation_note")),
    )
    with op.batch_alter_table("escalation_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_note_message_id"), ["message_id"], unique=False)

    op.create_table(
        "escalation_packet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "fields", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "files", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_escalation_packet_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_packet_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_packet")),
        sa.UniqueConstraint("escalation_id", "revision", name=op.f("uq_escalation_packet_escalation_id_revision")),
    )
    op.create_table(
        "escalation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting_approval",
                "prepared",
                "filed",
                "information_requested",
                "answered",
                "closed",
                "withdrawn",
                name="escalationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_escalation_step_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_step_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_step")),
    )
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_step_escalation_id"), ["escalation_id"], unique=False)

    op.create_table(
        "contact_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact_log_entry.id"], name=op.f("fk_contact_file_contact_id_contact_log_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_file_public_id")),
    )
    with op.batch_alter_table("contact_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_file_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "escalation_attachment",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_escalation_attachment_attachment_id_attachment")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_attachment_escalation_id_escalation")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "attachment_id", name=op.f("pk_escalation_attachment")),
    )
    with op.batch_alter_table("escalation_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_attachment_attachment_id"), ["attachment_id"], unique=False)

    if _dialect() == "postgresql":
        op.create_foreign_key(_CIRCLE, "article_translation", "article_revision", ["source_revision_id"], ["id"])
    for statement in _GUARDS[_dialect()]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _UNGUARD[_dialect()]:
        op.execute(statement)
    if _dialect() == "postgresql":
        op.drop_constraint(_CIRCLE, "article_translation", type_="foreignkey")
    with op.batch_alter_table("escalation_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_attachment_attachment_id"))

    op.drop_table("escalation_attachment")
    with op.batch_alter_table("contact_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_file_contact_id"))

    op.drop_table("contact_file")
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_step_escalation_id"))

    op.drop_table("escalation_step")
    op.drop_table("escalation_packet")
    with op.batch_alter_table("escalation_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_note_message_id"))

    op.drop_table("escalation_note")
    with op.batch_alter_table("escalation_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_line_line_id"))

    op.drop_table("escalation_line")
    with op.batch_alter_table("contact_log_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_log_entry_escalation_id"))

    op.drop_table("contact_log_entry")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_message_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("ticket_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_tag_tag")

    op.drop_table("ticket_tag")
    with op.batch_alter_table("ticket_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_presence_at"))

    op.drop_table("ticket_presence")
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_message_ticket_id"))

    op.drop_table("ticket_message")
    with op.batch_alter_table("ticket_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_link_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_link_other_id"))

    op.drop_table("ticket_link")
    with op.batch_alter_table("ticket_invoice_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_invoice_line_line_id"))

    op.drop_table("ticket_invoice_line")
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_event_ticket_id"))

    op.drop_table("ticket_event")
    with op.batch_alter_table("ticket_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_copy_user_id"))

    op.drop_table("ticket_copy")
    with op.batch_alter_table("payment_proof", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_proof_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_payment_proof_state")
        batch_op.drop_index(batch_op.f("ix_payment_proof_invoice_id"))

    op.drop_table("payment_proof")
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_mail_ticket_id"))
        batch_op.drop_index("ix_incoming_mail_sender")
        batch_op.drop_index("ix_incoming_mail_result")
        batch_op.drop_index(batch_op.f("ix_incoming_mail_message_id"))
        batch_op.drop_index("ix_incoming_mail_keep")

    op.drop_table("incoming_mail")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_escalation_open_ticket",
            sqlite_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
        )
        batch_op.drop_index(batch_op.f("ix_escalation_ticket_id"))
        batch_op.drop_index("ix_escalation_board")

    op.drop_table("escalation")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_updated")
        batch_op.drop_index(batch_op.f("ix_ticket_requester_id"))
        batch_op.drop_index("ix_ticket_queue")
        batch_op.drop_index("ix_ticket_priority")
        batch_op.drop_index(batch_op.f("ix_ticket_owner_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_invoice_id"))
        batch_op.drop_index("ix_ticket_due")
        batch_op.drop_index("ix_ticket_customer_updated")
        batch_op.drop_index("ix_ticket_created")
        batch_op.drop_index("ix_ticket_counts")

    op.drop_table("ticket")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_invoice_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dispute_open_line", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_dispute_line_id"))

    op.drop_table("dispute")
    with op.batch_alter_table("suspension_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suspension_case_open",
            sqlite_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
        )
        batch_op.drop_index(batch_op.f("ix_suspension_case_subscription_id"))
        batch_op.drop_index(batch_op.f("ix_suspension_case_customer_id"))

    op.drop_table("suspension_case")
    with op.batch_alter_table("notice_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_view_notice_id"))

    op.drop_table("notice_view")
    with op.batch_alter_table("notice_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_invoice_notice_id"))
        batch_op.drop_index(batch_op.f("ix_notice_invoice_invoice_id"))

    op.drop_table("notice_invoice")
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_line_subscription_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_line_reconciliation_row_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_line_invoice_id"))

    op.drop_table("invoice_line")
    op.drop_table("article_revision")
    with op.batch_alter_table("article_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_review_translation_id"))

    op.drop_table("article_review")
    op.drop_table("article_reads")
    with op.batch_alter_table("article_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_plan_due_at"))

    op.drop_table("article_plan")
    op.drop_table("article_feedback")
    op.drop_table("article_draft")
    with op.batch_alter_table("ticket_draft_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_draft_file_draft_id"))

    op.drop_table("ticket_draft_file")
    with op.batch_alter_table("suspension_notice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suspension_notice_in_force",
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )
        batch_op.drop_index(batch_op.f("ix_suspension_notice_subscription_id"))
        batch_op.drop_index(batch_op.f("ix_suspension_notice_customer_id"))

    op.drop_table("suspension_notice")
    with op.batch_alter_table("reconciliation_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_row_vnet_subscription_id"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_row_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_row_identity"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_row_file_id"))

    op.drop_table("reconciliation_row")
    op.drop_table("policy_text")
    op.drop_table("policy_stage")
    with op.batch_alter_table("policy_acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_acceptance_customer_id"))

    op.drop_table("policy_acceptance")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_subject")

    op.drop_table("delivery")
    op.drop_table("article_translation")
    with op.batch_alter_table("article_redirect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_redirect_article_id"))

    op.drop_table("article_redirect")
    op.drop_table("article_image")
    with op.batch_alter_table("article_desk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_desk_seen_at"))

    op.drop_table("article_desk")
    with op.batch_alter_table("ticket_suggestion_opened", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_suggestion_opened_at"))

    op.drop_table("ticket_suggestion_opened")
    with op.batch_alter_table("ticket_saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_saved_view_owner_id"))

    op.drop_table("ticket_saved_view")
    op.drop_table("ticket_macro")
    with op.batch_alter_table("ticket_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_draft_updated_at"))

    op.drop_table("ticket_draft")
    op.drop_table("reconciliation_file")
    with op.batch_alter_table("policy_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_exception_customer_id"))

    op.drop_table("policy_exception")
    op.drop_table("policy_draft")
    with op.batch_alter_table("payment_promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_promise_customer_id"))

    op.drop_table("payment_promise")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_recipient_id"))
        batch_op.drop_index("ix_outbox_message_portal")
        batch_op.drop_index("ix_outbox_message_order")
        batch_op.drop_index("ix_outbox_message_due")

    op.drop_table("outbox_message")
    op.drop_table("notification_choice")
    op.drop_table("markup_rule")
    op.drop_table("collections_policy")
    with op.batch_alter_table("collections_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_hold_customer_id"))

    op.drop_table("collections_hold")
    op.drop_table("blocked_sender")
    with op.batch_alter_table("billing_import", schema=None) as batch_op:
        batch_op.drop_index("ix_billing_import_state")

    op.drop_table("billing_import")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_object")
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("article_task")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_category_id"))

    op.drop_table("article")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_customer_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_customer_id"))

    op.drop_table("subscription")
    with op.batch_alter_table("search_suffix", schema=None) as batch_op:
        batch_op.drop_index("ix_search_suffix_locale_suffix")
        batch_op.drop_index(batch_op.f("ix_search_suffix_document_id"))

    op.drop_table("search_suffix")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index("ix_invoice_customer")

    op.drop_table("invoice")
    op.drop_table("worker_beat")
    op.drop_table("ticket_to_index")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_network")
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_at"))
        batch_op.drop_index("ix_sign_in_attempt_account")

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.drop_index("ix_search_word_locale_stem")

    op.drop_table("search_word")
    with op.batch_alter_table("search_vector", schema=None) as batch_op:
        batch_op.drop_index("ix_search_vector_vector", postgresql_using="gin", postgresql_with={"fastupdate": "off"})

    op.drop_table("search_vector")
    op.drop_table("search_term")
    op.drop_table("search_synonym")
    op.drop_table("search_state")
    with op.batch_alter_table("search_query", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_query_at"))

    op.drop_table("search_query")
    op.drop_table("search_outbox")
    with op.batch_alter_table("search_document", schema=None) as batch_op:
        batch_op.drop_index("ix_search_document_kind_locale_length")

    op.drop_table("search_document")
    op.drop_table("search_delete")
    op.drop_table("search_counted")
    op.drop_table("search_collection")
    op.drop_table("periodic_run")
    op.drop_table("customer")
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_parent_id"))

    op.drop_table("category")
    op.drop_table("article_pattern")
