"""Kinds of photos kept beside verdicts, doubts about persons, indexes without needless rows.

0004.sqlite.sql is the whole schema as it is from this version on; PostgreSQL gets what differs.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.rebuilding import rebuild, statements_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    script = Path(__file__).with_name(f"0004.{connection.dialect.name}.sql").read_text("utf-8")
    if is_sqlite:
        rebuild(connection, script)
        return
    for statement in statements_of(script):
        connection.exec_driver_sql(statement)
