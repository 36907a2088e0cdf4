"""P1: the audit of a million photos on a dedicated PostgreSQL server.

The registry is that of the audits, loaded as by `db copy` but without comparing each row. The
server's data are stored beside it and built only once, in ten minutes on two free cores. The
yardstick is the server's own scan of the four large tables, by `psql`. The server is configured
like that of the tests, with little memory, for yardstick and audit alike. Its own processor time
is not measured, only that of the client program.
"""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from benchmarks.audits import ONE_CHANNEL_ARGUMENTS, photos_in, registry_of
from benchmarks.measuring import Bench, Figure, photoreg, run, run_interleaved
from tests.servers import Server, postgresql_programs, server

from photoreg.errors import RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.transfer import row_chunks
from photoreg.registry.tables.all import METADATA

_FOUR = ("photo", "depiction", "consent", "permission")
_SCAN = "; ".join(
    (
        "SET enable_indexonlyscan = off",
        *(f"SELECT count(*), sum(id % 7) FROM {table}" for table in _FOUR),  # noqa: S608 - ours
    )
)

_BEFORE_CACHED = ("--on", "2026-06-01")
"""A day before that of the cached verdicts, so that none of them is valid."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure audits on a server, with and without cached verdicts."""
    folder = postgresql_programs()
    if folder is None:
        print("P1 is skipped: PostgreSQL is not installed (Debian's package postgresql)")
        return
    source = registry_of(bench, photos_in(bench))
    data_folder = None if bench.is_small else bench.data.resolve() / "postgresql"
    with server(data_folder) as running:
        address = _filled(running, source)
        run(photoreg(address, "audit", "refresh"))
        _vacuum(address)
        scan = [folder / "psql", "-X", "-q", "-c", _SCAN, address]
        lacking = photoreg(address, "audit", "lacking", *ONE_CHANNEL_ARGUMENTS)
        taken = run_interleaved(
            bench.rounds, {"scan": lambda: run(scan), "list": lambda: run(lacking)}
        )
        judged = run_interleaved(1, {"all judged": lambda: run([*lacking, *_BEFORE_CACHED])})
    yield Figure(
        "P1",
        "A1 on PostgreSQL, verdicts kept / its own scan of four tables",
        taken.ratio("list", "scan"),
        12,
        aim=8,
        rounds=bench.rounds,
        note=f"{taken.elapsed('list'):.2f} s list, {taken.elapsed('scan'):.2f} s scan, "
        f"{taken.mebibytes('list'):.0f} MiB; every photo judged: "
        f"{judged.elapsed('all judged'):.1f} s, {judged.mebibytes('all judged'):.0f} MiB",
    )


def _filled(running: Server, source: Path) -> str:
    """Return the address of a database with these rows; load it if it does not exist."""
    name = f"registry_{source.stem}"
    address = running.address(name)
    try:
        Registry.open(address).close()
    except RegistryError:  # none, or an empty one: it is loaded in one transaction
        running.execute(f"DROP DATABASE IF EXISTS {name}")
        running.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        _fill(source, address)
    return address


def _fill(source: Path, address: str) -> None:
    old, new = Registry.open(source), Registry(address)

    def fill(connection: sa.Connection) -> None:
        new.migrate(connection)
        with new.store.loading(connection), old.reading() as session:
            for table in METADATA.tables.values():
                new.store.load(connection, table, row_chunks(old, session.connection(), table))

    new.store.create(fill)
    old.close()
    new.close()


def _vacuum(address: str) -> None:
    """Vacuum and analyse the tables, as autovacuum would in time."""
    engine = sa.create_engine(
        address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
