"""Pass any number of ids, or of documents' hashes, to a query as one parameter.

Tens of thousands of values written into the SQL make a long statement, which drivers cache with
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


class _JsonHashes(GenericFunction[Any]):
    """The same of texts that need no quoting."""

    inherit_cache = True


@compiles(_JsonHashes)
def _compile_hashes(hashes: _JsonHashes, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(hashes.clauses, **more)})"


@compiles(_JsonHashes, "postgresql")
def _compile_hashes_for_postgresql(hashes: _JsonHashes, compiler: Any, **more: Any) -> str:
    array = f"translate({compiler.process(hashes.clauses, **more)}, '[]', '{{}}')"
    return f"(SELECT unnest(CAST({array} AS text[])) AS value)"


def id_list(numbers: Iterable[int]) -> Any:
    """Build a query of these numbers, for `column.in_(…)`."""
    text = json.dumps(sorted(set(numbers)), separators=(",", ":"))
    return sa.select(_JsonIds(sa.literal(text, sa.Text)).table_valued("value").c.value)


def hash_list(hashes: Iterable[str]) -> Any:
    """Build a query of these hashes, for `column.in_(…)`."""
    text = json.dumps(sorted(set(hashes)), separators=(",", ":"))
    return sa.select(_JsonHashes(sa.literal(text, sa.Text)).table_valued("value").c.value)
