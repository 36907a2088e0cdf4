"""The first schema: every table, index and trigger, as frozen in baseline.sqlite.sql.

The file is a copy of schema/registry.sqlite.sql as it was then; it never changes again. Later
versions are migrations of their own. No registry on PostgreSQL ever had this version.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        return
    statements = (Path(__file__).parent / "baseline.sqlite.sql").read_text("utf-8")
    for statement in statements.split(";\n\n"):
        op.execute(statement.removesuffix(";\n"))
