"""The first schema: what schema/registry.<engine>.sql says, which is generated from the tables.

Until the first release the tables may change, and the baseline with them, under another revision.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.engines.sqlite_migration import statements_of

revision = SCHEMA_VERSION
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    schema = Path(__file__).parents[2] / f"registry.{connection.dialect.name}.sql"
    for statement in statements_of(schema.read_text("utf-8")):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
