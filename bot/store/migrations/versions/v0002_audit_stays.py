"""What is written in the audit stays: neither changed nor removed by anybody who works through the database."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER audit_stays_{0} BEFORE {1} ON audit
BEGIN SELECT raise(ABORT, 'the audit can only be added to'); END"""


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE.format("unchanged", "UPDATE"))
        op.execute(_SQLITE.format("whole", "DELETE"))
        return
    op.execute("""
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit can only be added to'; END $$""")
    op.execute("""
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()""")


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_stays_unchanged")
        op.execute("DROP TRIGGER audit_stays_whole")
        return
    op.execute("DROP TRIGGER audit_stays ON audit")
    op.execute("DROP FUNCTION audit_stays")
