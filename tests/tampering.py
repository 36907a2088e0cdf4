"""The registry in the hands of somebody who can write to its database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from photoreg.registry.engines.database import Registry

TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass"
    " FROM pg_trigger WHERE NOT tgisinternal",
}


def drop_triggers(connection: sa.Connection) -> None:
    """Take away the triggers that keep what has been said."""
    for drop in connection.exec_driver_sql(TRIGGERS[connection.dialect.name]).scalars().all():
        connection.exec_driver_sql(drop)


@contextmanager
def tampered_connection(registry: Registry) -> Iterator[sa.Connection]:
    """A raw connection to the registry with the triggers gone; what is done stays done."""
    with registry.store.engine.begin() as connection:
        drop_triggers(connection)
        yield connection
