"""The registry's database: opened, set up, versioned; its faults become errors with a remedy.

SQLite is set up on connect: foreign keys, write-ahead log, a busy timeout, and explicit
transactions (`BEGIN IMMEDIATE` for writes), without which DDL and savepoints do not roll back.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlmodel import Session as Session  # noqa: PLC0414 - given on to the services, which do not know SQLModel

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry import tables
from photoreg.registry.rebuilding import drop_all
from photoreg.shipped import shipped
from photoreg.texts import N_

SCHEMA_VERSION = "0002"
"""The newest Alembic revision in schema/migrations; the version that this photoreg works with."""

BUSY_TIMEOUT_MS = 5_000
"""How long a change waits for somebody else's to end."""


class Registry:
    """An open registry. `folder_of_evidence` lies beside the database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.busy_timeout_ms = BUSY_TIMEOUT_MS
        self._engine = sa.create_engine(f"sqlite:///{path}")
        sa.event.listen(self._engine, "connect", self._set_up_connection)
        sa.event.listen(self._engine, "begin", _begin)

    @property
    def folder_of_evidence(self) -> Path:
        """The folder that holds the evidence files by content hash."""
        return self.path.with_name(self.path.name + ".evidence")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an existing registry of the right version; RegistryError otherwise."""
        if not path.is_file():
            raise _missing(path)
        registry = cls(path)
        with registry.errors_explained():
            found = registry._version()
        if found != SCHEMA_VERSION:
            raise _wrong_version(path, found)
        return registry

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create a new registry with an empty schema, readable by its owner only."""
        if path.exists():
            raise NotAllowed(
                N_("there is a registry at {path} already"),
                N_("Use it, or choose another name with --registry."),
                path=path,
            )
        registry = cls(path)
        with registry.errors_explained():
            path.touch(mode=0o600)  # private: registry and evidence hold personal data
            registry.folder_of_evidence.mkdir(mode=0o700, exist_ok=True)
            try:
                migrate(registry._engine)
            except BaseException:
                registry.close()
                path.unlink()
                raise
        return registry

    @classmethod
    def upgrade(cls, path: Path) -> None:
        """Bring an existing registry to the newest schema version: all of it, or nothing."""
        if not path.is_file():
            raise _missing(path)
        registry = cls(path)
        with registry.errors_explained():
            found = registry._version()
            if not found or found > SCHEMA_VERSION:
                raise _wrong_version(path, found)
            migrate(registry._engine)
        registry.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads, on one consistent state."""
        with (
            self.errors_explained(writes=False),
            Session(self._engine, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that writes: all of it, or nothing when anything fails."""
        engine = self._engine.execution_options(writes=True)
        with self.errors_explained(), Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def rebuilding(self) -> Iterator[Session]:
        """Give a session that changes what nobody may change: for a copy that is thrown away."""
        engine = self._engine.execution_options(writes=True, migrates=True)
        with self.errors_explained(), Session(engine, expire_on_commit=False) as session:
            connection = session.connection()
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            drop_all(connection, "trigger")
            yield session
            session.commit()
        self._engine.dispose()  # later connections keep references and checks again

    def forget_deleted(self) -> None:
        """Empty the write-ahead log, where earlier states of changed pages lie until then."""
        with self.errors_explained(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def errors_explained(self, *, writes: bool = True) -> Iterator[None]:
        """Turn the database's faults into RegistryError with what to do about them."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._explained(error.orig) from error
        except BrokenPipeError:
            raise  # whoever reads our output has gone: no fault of the registry
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, OSError) and error.filename is None and not writes:
                raise  # standard output, for instance, while a list is streamed
            raise self._explained(error) from error

    def _set_up_connection(self, connection: Any, _record: object) -> None:
        # None: the driver opens no transaction by itself; `_begin` does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {self.busy_timeout_ms}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")  # what was erased is overwritten

    def _explained(self, error: BaseException | None) -> RegistryError:
        said = str(error).lower()
        for sign, message, hint in _FAULTS:
            if sign in said:
                return RegistryError(message, hint, path=self.path)
        return RegistryError(
            N_("the registry {path} cannot be used: {cause}"),
            N_("Nothing was changed. Check the file and its folder, or take the last backup."),
            path=self.path,
            cause=said,
        )

    def _version(self) -> str:
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
            )
            if rows.first() is None:
                return ""
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one_or_none() or "")


_FAULTS = (
    (
        "locked",
        N_("the registry {path} is in use by somebody else"),
        N_("Nothing was changed. Try again in a moment."),
    ),
    (
        "not a database",
        N_("the file {path} is not a registry"),
        N_("Name the right file with --registry, or take the last backup."),
    ),
    (
        "malformed",
        N_("the registry {path} is damaged"),
        N_("Nothing was changed. Keep the file as it is and take the last backup."),
    ),
    (
        "full",
        N_("the disk is full, so the registry {path} could not be written"),
        N_("Nothing was changed. Make room on the disk and do it again."),
    ),
    (
        "disk i/o error",
        N_("the registry {path} could not be written to the disk"),
        N_("Nothing was changed. Check that the disk is whole and has room, and do it again."),
    ),
    (
        "readonly",
        N_("the registry {path} may not be written by you"),
        N_("Nothing was changed. Ask for the right to write the file and its folder."),
    ),
    (
        "unable to open",
        N_("the registry {path} cannot be opened"),
        N_("Check that the folder exists and that you may read and write it."),
    ),
    (
        "permission denied",
        N_("the registry {path} cannot be opened"),
        N_("Check that the folder exists and that you may read and write it."),
    ),
    (
        "no such file",
        N_("the registry {path} cannot be opened"),
        N_("Check that the folder exists and that you may read and write it."),
    ),
)
"""What the database says, and what we say: sign, message, hint."""


def _missing(path: Path) -> RegistryError:
    return RegistryError(
        N_("there is no registry at {path}"),
        N_("Make one with `photoreg init`, or name another with --registry."),
        path=path,
    )


def _wrong_version(path: Path, found: str) -> RegistryError:
    if not found:
        return RegistryError(
            N_("the file {path} is not a registry"),
            N_("Name the right file with --registry, or take the last backup."),
            path=path,
        )
    if found > SCHEMA_VERSION:
        return RegistryError(
            N_("the registry {path} is from a newer version of photoreg"),
            N_("Install the newer version of photoreg on this computer."),
            path=path,
        )
    return RegistryError(
        N_("the registry {path} is from an older version of photoreg"),
        N_("Make a backup, then run `photoreg db upgrade`."),
        path=path,
    )


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("migrates"):  # tables are rebuilt: references are checked at the end instead
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def migrate(engine: sa.Engine) -> None:
    """Bring the database to the newest schema version, in one transaction."""
    from alembic import command  # noqa: PLC0415 - needed by init and upgrade only
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(shipped("schema") / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(writes=True, migrates=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _refuse_dangling(connection)
    engine.dispose()  # later connections keep foreign keys again


def check_integrity(session: Session) -> None:
    """Raise RegistryError when SQLite finds the file damaged or a reference dangling."""
    connection = session.connection()
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        raise _damaged(connection)
    _refuse_dangling(connection)


def _refuse_dangling(connection: sa.Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise _damaged(connection)


def _damaged(connection: sa.Connection) -> RegistryError:
    return RegistryError(
        N_("the registry {path} is damaged"),
        N_("Nothing was changed. Keep the file as it is and take the last backup."),
        path=connection.engine.url.database,
    )


def schema_sql() -> str:
    """Return the SQLite schema that the tables describe, one statement a paragraph."""
    engine = sa.create_engine("sqlite://")
    tables.whole_schema().create_all(engine)
    with engine.connect() as connection:
        return dump_schema(connection)


def dump_schema(connection: sa.Connection) -> str:
    """Return the SQL of every table, index and trigger, without Alembic's own table."""
    rows = connection.execute(
        sa.text(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name <> 'alembic_version' AND tbl_name <> 'alembic_version' "
            "ORDER BY type = 'trigger', type = 'index', name"
        )
    )
    # A table that a migration made anew keeps the quotes of its renaming.
    unquoted = (re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", row[0]) for row in rows)
    lines = (sql.replace("\t", "  ").replace(" \n", "\n") for sql in unquoted)
    return ";\n\n".join(lines) + ";\n"
