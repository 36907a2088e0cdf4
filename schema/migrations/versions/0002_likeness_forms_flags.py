"""Picture hashes and likenesses, printed forms, flags, rulings for a time, languages, tombstones.

0002.<engine>.sql is the whole schema as it is from this version on. There is no PostgreSQL
registry older than it.
"""

from pathlib import Path

from alembic import op

from photoreg.registry.rebuilding import rebuild

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    wanted = Path(__file__).with_name("0002.sqlite.sql").read_text("utf-8")
    rebuild(op.get_bind(), wanted)
