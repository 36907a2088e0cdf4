"""Units: the part of the organisation that an event or somebody on the staff belongs to.

0003.sqlite.sql is the whole schema as it is from this version on; PostgreSQL adds the columns, and
from now on takes an entry of the log only where it follows the last one.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.rebuilding import rebuild

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_POSTGRESQL = """
ALTER TABLE {table} ADD COLUMN unit VARCHAR(100),
  ADD CONSTRAINT ck_{table}_unit_not_blank CHECK (length(trim(unit)) > 0)
"""

_FOLLOWS = (
    """CREATE FUNCTION follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF NEW.seq = 1 AND NEW.previous = repeat('0', 64)
    OR EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq - 1 AND hash = NEW.previous)
  THEN RETURN NEW; END IF;
  RAISE integrity_constraint_violation USING MESSAGE = 'an entry follows the last one';
END $$""",
    "CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION follows()",
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        rebuild(connection, Path(__file__).with_name("0003.sqlite.sql").read_text("utf-8"))
        return
    for table in ("event", "staff"):
        connection.exec_driver_sql(_POSTGRESQL.format(table=table))
    for statement in _FOLLOWS:
        connection.exec_driver_sql(statement)
