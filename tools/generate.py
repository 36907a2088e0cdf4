"""Writes every generated file of the project: `make docs`. The tests compare them.

`python tools/generate.py --check` names the files that are out of date and exits 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def generated() -> Iterator[tuple[str, str]]:
    """Give each generated file: its path from the root, and what it must hold."""
    from photoreg.registry.database import schema_sql  # noqa: PLC0415

    yield "schema/registry.sqlite.sql", schema_sql()


def main() -> int:
    """Write the files that differ, or only name them with --check."""
    stale = []
    for name, wanted in generated():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != wanted:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(wanted, "utf-8")
    print("\n".join(stale) or "everything is up to date")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
