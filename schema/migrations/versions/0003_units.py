"""Units: the part of the organisation that an event or somebody on the staff belongs to.

0003.sqlite.sql is the whole schema as it is from this version on; PostgreSQL adds the columns.
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


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        rebuild(connection, Path(__file__).with_name("0003.sqlite.sql").read_text("utf-8"))
        return
    for table in ("event", "staff"):
        connection.exec_driver_sql(_POSTGRESQL.format(table=table))
