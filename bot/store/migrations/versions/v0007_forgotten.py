"""Events of conversations that were removed, told by fingerprints alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "forgotten",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_forgotten")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("forgotten")
