"""The records of an event go with it, however it is removed, and are found by it alone."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("""
CREATE TRIGGER records_go AFTER DELETE ON events WHEN old.log IS NOT NULL
BEGIN DELETE FROM log WHERE id = old.log; END""")
        return
    op.execute("""
CREATE FUNCTION records_go() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM log USING gone WHERE log.id = gone.log; RETURN NULL; END $$""")
    op.execute("""
CREATE TRIGGER records_go AFTER DELETE ON events REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION records_go()""")


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER records_go")
        return
    op.execute("DROP TRIGGER records_go ON events")
    op.execute("DROP FUNCTION records_go")
