"""The registry's database: open, create, upgrade; its errors become errors with a remedy.

It is a SQLite file or a database on a PostgreSQL server. The differences are in `sqlite.py` and
`postgresql.py`; both guarantee one writer at a time, atomic changes, and a consistent state for
each reader.
"""

import sqlite3
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import sqlalchemy as sa
from sqlmodel import Session as Session  # noqa: PLC0414 - given on to the services, which do not know SQLModel

from photoreg.errors import RegistryError, RegistryMissing
from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.engines.server_login import DoorPass, ServerLogin
from photoreg.registry.engines.sqlite import SQLiteFile
from photoreg.registry.engines.sqlite_migration import drop_all
from photoreg.registry.evidence import remove_unrecorded
from photoreg.shipped import data_folder
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

BUSY_TIMEOUT_MS = 5_000
"""How long a change waits for another one to end."""


Chunks = Iterable[list[tuple[Any, ...]]]
"""Rows in chunks, each row the values of all columns."""


class Store(Protocol):
    """What an engine does for a registry; see `SQLiteFile` for the contract of each part."""

    display_name: str
    wait_ms: int
    engine: sa.Engine
    has_exclusive_access: bool

    @property
    def reading(self) -> sa.Engine: ...  # noqa: D102
    @property
    def evidence_folder(self) -> Path: ...  # noqa: D102
    def exists(self) -> bool: ...  # noqa: D102
    def version(self) -> str: ...  # noqa: D102
    def no_registry_error(self) -> RegistryError: ...  # noqa: D102
    def create(self, fill: Callable[[sa.Connection], None]) -> None: ...  # noqa: D102
    def make_evidence_folder(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102
    def using(self) -> AbstractContextManager[None]: ...  # noqa: D102
    def require_same_file(self) -> None: ...  # noqa: D102
    def migrating(self) -> AbstractContextManager[sa.Connection]: ...  # noqa: D102
    def loading(self, connection: sa.Connection) -> AbstractContextManager[None]: ...  # noqa: D102
    def load(self, connection: sa.Connection, table: sa.Table, chunks: Chunks) -> int: ...  # noqa: D102
    def plain_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102
    def sort_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102
    def contains_expression(self, name: str, content: bytes) -> str: ...  # noqa: D102
    def login(self, connection: sa.Connection) -> ServerLogin | None: ...  # noqa: D102
    def knows_role(self, connection: sa.Connection, role: str) -> bool: ...  # noqa: D102
    def take_role(self, connection: sa.Connection, shown: DoorPass) -> None: ...  # noqa: D102
    def show_key(self, connection: sa.Connection, key: str) -> None: ...  # noqa: D102
    def note_writes(self, connection: sa.Connection) -> None: ...  # noqa: D102
    def check(self, connection: sa.Connection) -> None: ...  # noqa: D102
    def purge_deleted(self) -> None: ...  # noqa: D102
    def as_registry_error(self, error: BaseException | None) -> RegistryError: ...  # noqa: D102


def is_on_server(where: Path | str) -> bool:
    """Return whether this is the address of a database on a server, not a file."""
    return "://" in str(where)


def store_for(where: Path | str, evidence: Path | None) -> Store:
    """Return the store at a path or address; RegistryError for an invalid address."""
    if not is_on_server(where):
        return SQLiteFile(Path(where), BUSY_TIMEOUT_MS)
    from photoreg.registry.engines.postgresql import (  # noqa: PLC0415 - seldom needed
        PostgreSQLDatabase,
    )

    return PostgreSQLDatabase(str(where), BUSY_TIMEOUT_MS, evidence)


class Registry:
    """An open registry: `where` is a file, or the address of a database on a PostgreSQL server.

    `evidence` is the folder of the evidence files of a registry on a server; that of a file is
    beside it.
    """

    migrations: ClassVar[Path] = data_folder("schema") / "migrations"
    """The folder of the migrations to this version."""

    def __init__(self, where: Path | str, evidence: Path | None = None) -> None:
        self.store = store_for(where, evidence)

    @property
    def is_on_server(self) -> bool:
        """Return whether it is on a server."""
        return not isinstance(self.store, SQLiteFile)

    @property
    def path(self) -> Path:
        """The registry file; RegistryError when it is on a server."""
        if isinstance(self.store, SQLiteFile):
            return self.store.path
        raise RegistryError(
            N_("the registry {path} is not a file"),
            N_("Use the server's own tools for this; see docs/scaling.md."),
            path=self.store.display_name,
        )

    @property
    def evidence_folder(self) -> Path:
        """The folder of the evidence files; RegistryError when none is configured."""
        return self.store.evidence_folder

    @property
    def photos_folder(self) -> Path:
        """The folder of the photos that were sent to the desk, unless it was given another one."""
        return self._beside_evidence(".photos")

    @property
    def pictures_folder(self) -> Path:
        """The folder of the pictures that the desk has made to show photos."""
        return self._beside_evidence(".pictures")

    def _beside_evidence(self, suffix: str) -> Path:
        evidence = self.evidence_folder
        return evidence.with_name(evidence.name.removesuffix(".evidence") + suffix)

    @classmethod
    def open(cls, where: Path | str, evidence: Path | None = None) -> Self:
        """Open an existing registry of the right version; RegistryError otherwise."""
        registry = cls(where, evidence)
        try:
            registry.require_version()
        except BaseException:
            registry.close()
            raise
        return registry

    def require_version(self) -> None:
        """Raise RegistryError unless it can be read, and is of the version of this photoreg."""
        found = self._version()
        if found != SCHEMA_VERSION:
            self._require_upgradable(found)
            raise RegistryError(
                N_("the registry {path} is from an older version of photoreg"),
                N_("Copy the file, or have the database dumped. Then upgrade the registry."),
                step=NextStep.to(NextAction.REGISTRY_UPGRADE),
                path=self.store.display_name,
            )

    @classmethod
    def create(cls, where: Path | str, evidence: Path | None = None) -> Self:
        """Create a new registry with an empty schema, readable by its owner only."""
        registry = cls(where, evidence)
        try:
            with registry.translating_errors():
                registry.store.create(cls.migrate)
                registry.store.make_evidence_folder()
        except BaseException:
            registry.close()
            raise
        return registry

    @classmethod
    def upgrade(cls, where: Path | str) -> bool:
        """Upgrade an existing registry to the newest schema version: completely, or not at all.

        Returns whether it was of an older version.
        """
        registry = cls(where)
        found = registry._version()
        try:
            if found == SCHEMA_VERSION:
                return False
            registry._require_upgradable(found)
            with (
                registry.translating_errors(),
                registry.store.using(),
                registry.store.migrating() as connection,
            ):
                cls.migrate(connection)
            registry.record_all_rows()
        finally:
            registry.close()
        return True

    @classmethod
    def migrate(cls, connection: sa.Connection) -> None:
        """Upgrade the database to the newest schema version, in the connection's transaction."""
        migrate(connection, cls.migrations)

    @classmethod
    def require_known_version(cls, version: str, shown: object) -> None:
        """Raise RegistryError for a schema version that no migration starts from or leads to."""
        if version == SCHEMA_VERSION or version in _versions_in(cls.migrations):
            return
        if _is_newer(version):
            raise RegistryError(
                N_("the registry {path} is from a newer version of photoreg"),
                N_("Install the newer version of photoreg on this computer."),
                path=shown,
            )
        raise RegistryError(
            N_(
                "the registry {path} was made with an unreleased version of photoreg: schema "
                "{version}"
            ),
            N_(
                "Nothing was changed. It cannot be upgraded: make a new registry in another place. "
                "What it holds can be read by the photoreg that made it."
            ),
            step=NextStep.to(NextAction.REGISTRY_MAKE, "registry", "organisation", "name"),
            path=shown,
            version=version,
        )

    def close(self) -> None:
        """Close every connection."""
        self.store.close()

    @contextmanager
    def reading(self, shown: DoorPass | None = None) -> Iterator[Session]:
        """Open a read-only session on one consistent state; on a server, for whom a door acts."""
        with (
            self.translating_errors(writes=False),
            self.store.using(),
            Session(self.store.reading, expire_on_commit=False) as session,
        ):
            self._take_role(session, shown)
            yield session

    @contextmanager
    def writing(self, shown: DoorPass | None = None) -> Iterator[Session]:
        """Open a writing session, rolled back as a whole when anything fails; see `reading`.

        With it go the documents that it has stored beside a registry file. Nobody else writes
        meanwhile; other writers wait at most `wait_ms`. At its end the hashes of all records that
        it has written are recorded in the log. RegistryError if another program has altered one of
        them before; RegistryMoved when the file is no longer there, before and after the commit.
        """
        from photoreg.registry.record_hashes.recording import (  # noqa: PLC0415 - by changes only
            record_written,
        )

        engine = self.store.engine.execution_options(writes=True)
        with (
            self.translating_errors(),
            self.store.using(),
            Session(engine, expire_on_commit=False) as session,
        ):
            self._take_role(session, shown)
            self.store.note_writes(session.connection())
            try:
                yield session
                self._require_unaltered(session, shown)
                record_written(session, self.store)
                session.commit()
            except BaseException:
                with suppress(sa.exc.DBAPIError, sqlite3.Error):  # then they are leftovers
                    session.rollback()
                    if not self.is_on_server:  # its folder may be several registries'
                        remove_unrecorded(session)
                raise
            self.store.require_same_file()

    def _require_unaltered(self, session: Session, shown: DoorPass | None) -> None:
        """Raise RegistryError if a record to be changed was altered outside photoreg."""
        from photoreg.registry.record_hashes.refusing import (  # noqa: PLC0415 - by changes only
            require_unaltered,
        )

        with self.reading(shown) as before:
            require_unaltered(session, before, self.store)

    def _take_role(self, session: Session, shown: DoorPass | None) -> None:
        """Take the role of a user in each transaction of this session, also after a rollback."""
        if shown is not None:
            sa.event.listen(
                session,
                "after_begin",
                lambda _session, _transaction, connection: self.store.take_role(connection, shown),
            )

    def record_all_rows(self) -> None:
        """Record the hashes of all records again, after a migration has changed them."""
        from photoreg.registry.record_hashes.recording import record_all  # noqa: PLC0415 - seldom

        with self.writing() as session:
            record_all(session, self.store)

    @contextmanager
    def rebuilding(self) -> Iterator[Session]:
        """Open a session that may change append-only rows, for a temporary copy.

        Such a copy is a SQLite file, whatever it is a copy of.
        """
        engine = self.store.engine.execution_options(writes=True, migrates=True)
        with self.translating_errors(), Session(engine, expire_on_commit=False) as session:
            connection = session.connection()
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            drop_all(connection, "trigger")
            # Rows are changed one by one: on the way two may be alike of which one is allowed.
            drop_all(connection, "index", "CREATE UNIQUE %")
            yield session
            session.commit()
        self.close()  # later connections enforce references and checks again

    def purge_deleted(self) -> None:
        """Purge what the engine retains of rows after they were changed or deleted."""
        with self.translating_errors():
            self.store.purge_deleted()

    def check(self, session: Session) -> None:
        """Raise RegistryError when the database is damaged or its protection is missing."""
        self.store.check(session.connection())

    def damaged_error(self) -> RegistryError:
        """Return the error for a registry with content that photoreg could not have recorded."""
        return RegistryError(
            N_("the registry {path} is damaged"),
            N_("Nothing was changed. Keep the file as it is and restore the latest backup."),
            path=self.store.display_name,
        )

    @contextmanager
    def translating_errors(self, *, writes: bool = True) -> Iterator[None]:
        """Turn database errors into RegistryError with a remedy."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self.store.as_registry_error(error.orig) from error
        except BrokenPipeError:
            raise  # the reader of our output has gone: no error of the registry
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, OSError) and error.filename is None and not writes:
                raise  # standard output, for instance, while a list is streamed
            raise self.store.as_registry_error(error) from error
        except _UNEXPECTED as error:
            if _is_value_error(error):
                raise self.damaged_error() from error
            raise

    def is_damaged(self) -> bool:
        """Return whether it holds what photoreg did not write: ask after an unexpected error."""
        from photoreg.registry.ledger_check import (  # noqa: PLC0415 - after unexpected errors only
            require_intact_log,
        )

        try:
            with self.store.using(), Session(self.store.reading) as session:
                self.check(session)
                require_intact_log(session, self.store)
        except (sa.exc.DBAPIError, sqlite3.Error, OSError):
            return False  # nobody can tell
        except (RegistryError, *_UNEXPECTED):
            return True
        return False

    def _version(self) -> str:
        if not self.store.exists():
            raise _missing_error(self.store.display_name)
        with self.translating_errors(), self.store.using():
            try:
                return self.store.version()
            except sa.exc.MultipleResultsFound as error:
                raise self.damaged_error() from error

    def _require_upgradable(self, found: str) -> None:
        if not found:
            raise self.store.no_registry_error()
        self.require_known_version(found, self.store.display_name)


_UNEXPECTED = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    sa.exc.InvalidRequestError,
)
"""What a value raises that its column cannot hold, or a row that is missing."""


def _is_value_error(error: Exception) -> bool:
    """Return whether a column's type or an enumeration raised it, over a value it cannot hold.

    What users type was checked before it is compared with records.
    """
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") in _TYPE_MODULES for frame, _line in frames)


_TYPE_MODULES = {"sqlalchemy.sql.type_api", "sqlalchemy.sql.sqltypes", "enum"}
"""The modules that convert database values; the first two wrap what they refuse to write."""


def _missing_error(shown: str) -> RegistryMissing:
    return RegistryMissing(
        N_("there is no registry at {path}"),
        N_("Make a registry, or name another one."),
        step=NextStep.to(NextAction.REGISTRY_MAKE),
        fields=("registry",),
        path=shown,
    )


def _is_newer(version: str) -> bool:
    """Return whether a schema version is newer than ours; one without a digest is the oldest."""
    number, _, digest = version.partition("_")
    return bool(digest) and number > SCHEMA_VERSION.partition("_")[0]


def _versions_in(migrations: Path) -> set[str]:
    """Return the schema versions that the migrations in a folder cover."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - needed for other versions only

    return {each.revision for each in ScriptDirectory(str(migrations)).walk_revisions()}


def migrate(connection: sa.Connection, migrations: Path) -> None:
    """Run the migrations in a folder that the database lacks, in the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - needed by init and upgrade only
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
