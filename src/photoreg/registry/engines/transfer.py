"""Copy a registry to another place, between any two engines: completely, or not at all.

Rows are read as SQLite stores them and written in bulk, without the triggers, indexes and
references, which are recreated before the copy is committed. Then both are read once more and
compared row by row. Memory does not depend on the number of rows.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.all import METADATA
from photoreg.texts import N_

ROWS_PER_CHUNK = 5_000


def copy_rows(
    source: Registry, target: Registry, complete: Callable[[Session, Session], None]
) -> dict[str, int]:
    """Copy the rows of a registry to an empty place; return how many, by table.

    `complete` is called with a session on each before the copy is committed: when it raises,
    nothing is. NotAllowed when the place is not empty; RegistryError when the copy differs.
    """
    counts: dict[str, int] = {}
    with source.reading() as old, target.translating_errors():

        def fill(new: sa.Connection) -> None:
            target.migrate(new)
            with target.store.loading(new):
                for table in METADATA.tables.values():
                    rows = row_chunks(source, old.connection(), table)
                    counts[table.name] = target.store.load(new, table, rows)
            _require_equal(source, old.connection(), target, new)
            with Session(new) as session:
                complete(old, session)

        target.store.create(fill)
    return counts


def row_chunks(registry: Registry, connection: sa.Connection, table: sa.Table) -> Iterator[Any]:
    """Yield chunks of rows, each row a tuple of plain values, in the order of their keys."""
    store = registry.store
    values = ", ".join(store.plain_expression(column) for column in table.columns)
    order = ", ".join(store.sort_expression(column) for column in table.primary_key)
    query = f"SELECT {values} FROM {table.name} ORDER BY {order}"  # noqa: S608 - names of the schema
    options = {"stream_results": True, "max_row_buffer": ROWS_PER_CHUNK}
    with (
        registry.translating_errors(writes=False),
        connection.exec_driver_sql(query, execution_options=options) as found,
    ):
        for chunk in found.partitions(ROWS_PER_CHUNK):
            yield [tuple(row) for row in chunk]


def _require_equal(
    source: Registry, old: sa.Connection, target: Registry, new: sa.Connection
) -> None:
    for table in METADATA.tables.values():
        if _digest(row_chunks(source, old, table)) != _digest(row_chunks(target, new, table)):
            raise RegistryError(
                N_("the copy differs from the registry in the table {table}"),
                N_("The copy was discarded. Try again, and report this to photoreg support."),
                table=table.name,
            )


def _digest(chunks: Iterator[Any]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for chunk in chunks:
        count += len(chunk)
        for row in chunk:
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return count, digest.hexdigest()
