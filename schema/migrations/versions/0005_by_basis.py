"""Kept verdicts refer to what they were judged by; persons whom the marks of photos do not tell of.

0005.sqlite.sql is the whole schema as it is from this version on; PostgreSQL gets what differs.
What was kept is forgotten: `audit refresh` keeps it again.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.rebuilding import rebuild, statements_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    script = Path(__file__).with_name(f"0005.{connection.dialect.name}.sql").read_text("utf-8")
    if is_sqlite:
        connection.exec_driver_sql("DELETE FROM kept_verdict")
        rebuild(connection, script)
        return
    for statement in statements_of(script):
        connection.exec_driver_sql(statement)
