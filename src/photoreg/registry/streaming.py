"""Rows as the database's driver reads and writes them, when there are many.

Making SQLAlchemy's rows of them takes as long again as reading or writing them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import sqlalchemy as sa

Row = tuple[Any, ...]
"""The values of a row as the driver returns them."""


def stream_rows(connection: sa.Connection, query: str) -> Iterator[Row]:
    """Yield the rows of a query; the connection is in a transaction."""
    driver: Any = connection.connection.driver_connection
    on_server = connection.dialect.supports_server_side_cursors
    try:
        yield from _rows_of_server(driver, query) if on_server else driver.execute(query)
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DBAPIError(query, None, error) from error


def _rows_of_server(driver: Any, query: str) -> Iterator[Row]:
    """Yield the rows of a query by a cursor on the server, which would send all at once else."""
    with driver.cursor(name=f"rows_{next(_NUMBERS)}") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_ROWS_PER_FETCH):
            yield from rows


_NUMBERS = count()
_ROWS_PER_FETCH = 2_000


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Insert rows, each with the values of all columns by name."""
    dialect = connection.dialect
    names = [column.name for column in table.columns]
    insert = sa.insert(table).compile(dialect=dialect, column_keys=names)
    kinds = [column.type.dialect_impl(dialect) for column in table.columns]
    written = list(zip(names, (kind.bind_processor(dialect) for kind in kinds), strict=True))
    values = ([write(row[name]) if write else row[name] for name, write in written] for row in rows)
    parameters = (
        map(tuple, values)
        if insert.positional
        else (dict(zip(names, v, strict=True)) for v in values)
    )
    if found := list(parameters):
        connection.exec_driver_sql(str(insert), found)
