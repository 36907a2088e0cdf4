"""Stream rows as the database's driver returns them, when millions are read.

Making SQLAlchemy's rows of them takes as long again as reading them.
"""

from collections.abc import Iterator
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
