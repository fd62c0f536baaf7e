"""Cases as rows, and the messages that open them found by where they are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_A_CASE = sa.text("substr(ref, 1, 5) IN ('case:', 'relay', 'echo:')")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "cases",
        sa.Column("conversation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("time_box", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status = 'new' OR status = 'open' OR status = 'pending' OR status = 'on_hold' OR status = 'solved'"
            " OR status = 'closed'",
            name=op.f("ck_cases_status"),
        ),
        sa.CheckConstraint(
            "priority = 'low' OR priority = 'normal' OR priority = 'high' OR priority = 'urgent'",
            name=op.f("ck_cases_priority"),
        ),
        sa.CheckConstraint("rank BETWEEN 0 AND 3", name=op.f("ck_cases_rank")),
        sa.CheckConstraint(
            "status <> 'closed' OR access IN ('none', 'removed_confirmed') OR override <> ''",
            name=op.f("ck_cases_access"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name=op.f("fk_cases_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation", "id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_id", "cases", ["id"])
    op.create_index("ix_cases_list", "cases", ["status", "rank", "due", "opened", "id"])
    op.create_index("ix_cases_mine", "cases", ["assignee", "status", "rank", "due", "opened", "id"])
    op.create_index(
        "ix_links_case",
        "links",
        ["destination", "native"],
        sqlite_where=_OF_A_CASE,
        postgresql_where=_OF_A_CASE,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_links_case", "links")
    op.drop_table("cases")
