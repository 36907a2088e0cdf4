"""Picture hashes and likenesses, printed forms, flags, rulings for a time, languages, tombstones.

0002.<engine>.sql is the whole schema as it is from this version on. There is no PostgreSQL
registry older than it.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.rebuilding import rebuild, statements_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    wanted = Path(__file__).with_name(f"0002.{connection.dialect.name}.sql").read_text("utf-8")
    if connection.dialect.name == "sqlite":
        rebuild(connection, wanted)
        return
    for statement in statements_of(wanted):
        connection.exec_driver_sql(statement.replace("%", "%%"))
