"""What belongs to a conversation goes with it, however it is removed."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("events", "outbox", "timers")
"""The others have foreign keys."""


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == "sqlite":
        deletes = " ".join(f"DELETE FROM {table} WHERE conversation = old.id;" for table in _TABLES)
        op.execute(f"CREATE TRIGGER rows_go AFTER DELETE ON conversations BEGIN {deletes} END")
        return
    deletes = " ".join(f"DELETE FROM {table} USING gone WHERE conversation = gone.id;" for table in _TABLES)
    op.execute(f"""
CREATE FUNCTION rows_go() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {deletes} RETURN NULL; END $$""")
    op.execute("""
CREATE TRIGGER rows_go AFTER DELETE ON conversations REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION rows_go()""")


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER rows_go")
        return
    op.execute("DROP TRIGGER rows_go ON conversations")
    op.execute("DROP FUNCTION rows_go")
