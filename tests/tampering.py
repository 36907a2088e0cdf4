"""Tamper with a registry, as somebody with write access to its database could."""

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
    """Drop the triggers that protect recorded data."""
    for drop in connection.exec_driver_sql(TRIGGERS[connection.dialect.name]).scalars().all():
        connection.exec_driver_sql(drop)


@contextmanager
def tampered_connection(registry: Registry) -> Iterator[sa.Connection]:
    """Yield a raw connection to the registry without triggers, and commit at the end."""
    with registry.store.engine.begin() as connection:
        if registry.is_on_server:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            drop_triggers(connection)
        yield connection
