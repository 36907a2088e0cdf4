"""Pass any number of ids to a query as one parameter.

Tens of thousands of numbers written into the SQL make a long statement, which drivers cache with
its plan: hundreds of megabytes that are never used again.
"""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class _JsonIds(GenericFunction[Any]):
    """A table with one column, `value`: the numbers of a JSON array."""

    name = "json_each"  # SQLite's name for it
    inherit_cache = True


@compiles(_JsonIds, "postgresql")
def _compile_for_postgresql(numbers: _JsonIds, compiler: Any, **more: Any) -> str:
    # As an array, whose length PostgreSQL's planner knows.
    array = f"translate({compiler.process(numbers.clauses, **more)}, '[]', '{{}}')"
    return f"(SELECT unnest(CAST({array} AS integer[])) AS value)"


def id_list(numbers: Iterable[int]) -> Any:
    """Build a query of these numbers, for `column.in_(…)`."""
    text = json.dumps(sorted(set(numbers)), separators=(",", ":"))
    return sa.select(_JsonIds(sa.literal(text, sa.Text)).table_valued("value").c.value)
