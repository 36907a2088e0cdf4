"""P1: the audit of a million photos on a PostgreSQL server of the benchmarks' own.

The registry is the one of the audits, filled in as `db copy` does it, but for comparing each row.
The server's data stay beside it, so they are built once: ten minutes on two free cores. The
yardstick is the server's own scan of the four large tables, by `psql`. The server is set up as that
of the tests, with little memory; the same serves yardstick and audit. Its own processor time is not
seen: what is told of it is that of the program alone.
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

_BEFORE_ANY_IS_KEPT = ("--on", "2026-06-01")
"""A day before those of the kept verdicts, on which none of them counts."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure audits on a server, with and without kept verdicts."""
    folder = postgresql_programs()
    if folder is None:
        print("P1 is skipped: PostgreSQL is not installed (Debian's package postgresql)")
        return
    source = registry_of(bench, photos_in(bench))
    kept = None if bench.is_small else bench.data.resolve() / "postgresql"
    with server(kept) as running:
        address = _filled(running, source)
        run(photoreg(address, "audit", "refresh"))
        _vacuum(address)
        scan = [folder / "psql", "-X", "-q", "-c", _SCAN, address]
        lacking = photoreg(address, "audit", "lacking", *ONE_CHANNEL_ARGUMENTS)
        taken = run_interleaved(
            bench.rounds, {"scan": lambda: run(scan), "list": lambda: run(lacking)}
        )
        judged = run_interleaved(1, {"all judged": lambda: run([*lacking, *_BEFORE_ANY_IS_KEPT])})
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
    """Return the address of the database with these rows; it is filled unless it is there."""
    name = f"registry_{source.stem}"
    address = running.address(name)
    try:
        Registry.open(address).close()
    except RegistryError:  # none, or an empty one: it is filled in one change
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
    """Do what a server does by itself in time: dead rows cleared away, statistics taken."""
    engine = sa.create_engine(
        address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
