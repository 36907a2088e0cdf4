"""The first schema: every table, index and trigger, as frozen in baseline.<engine>.sql.

The file is a copy of schema/registry.sqlite.sql as it was then; it never changes again. Later
versions are migrations of their own.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    statements = (Path(__file__).parent / f"baseline.{engine}.sql").read_text("utf-8")
    for statement in statements.split(";\n\n"):
        op.execute(statement.removesuffix(";\n"))
