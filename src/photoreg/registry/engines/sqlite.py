"""A registry in a SQLite file, with its evidence in a folder beside it.

SQLite is configured on connect: foreign keys, write-ahead log, a busy timeout, and explicit
transactions (`BEGIN IMMEDIATE` for writes), without which DDL and savepoints do not roll back.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from photoreg.errors import NotAllowed, RegistryError, RegistryMoved
from photoreg.named_files import file_identity, keep_closed, may_open, require_place_for_registry
from photoreg.registry.engines.protection import foreign_parts_error, missing_parts_error
from photoreg.registry.engines.schema_version import TRIGGER_DIGEST
from photoreg.registry.engines.server_login import DoorPass
from photoreg.registry.engines.sqlite_migration import drop_all, statements_of
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_
from photoreg.unfinished import claim_name, real_path, shared_folder, unfinished_folder

if TYPE_CHECKING:
    from photoreg.registry.record_hashes.records import RecordKind

REGISTRY_FILE, MANIFEST = "registry.db", "backup.json"
"""Names in a backup: the copy of the registry, and the manifest."""


class SQLiteFile:
    """A file that is or will be a registry; `display_name` is its name in messages."""

    def __init__(self, path: Path, wait_ms: int) -> None:
        self.path = path
        self.display_name = str(path)
        self.wait_ms = wait_ms
        # The last connection comes first: it has the temporary triggers of `note_writes`.
        address = sa.URL.create("sqlite", database=str(path))
        self.engine = sa.create_engine(address, pool_use_lifo=True)
        self.reading = self.engine  # a transaction reads one state by itself
        self.has_exclusive_access = False
        self._file: tuple[int, int] | None = None
        sa.event.listen(self.engine, "connect", self._set_up_connection)
        sa.event.listen(self.engine, "close", self._after_connection)
        sa.event.listen(self.engine, "begin", _begin)
        sa.event.listen(self.engine, "commit", lambda _connection: self.require_same_file())

    @property
    def evidence_folder(self) -> Path:
        """The folder that holds the evidence files by content hash."""
        return self.path.with_name(self.path.name + ".evidence")

    def exists(self) -> bool:
        """Return whether the file exists."""
        return self.path.is_file()

    def version(self) -> str:
        """Return the schema version, or an empty string when this is not a registry.

        Opening a file changes it; so RegistryError for one that belongs to a backup.
        """
        place = real_path(self.path)
        if place.name == REGISTRY_FILE and place.with_name(MANIFEST).exists():
            raise RegistryError(
                N_("{path} belongs to a backup, which must stay as it is"),
                N_("Look into a copy: restore the backup as a new registry."),
                step=NextStep.to(NextAction.REGISTRY_RESTORE, folder=str(self.path.parent)),
                fields=("registry",),
                path=self.display_name,
                folder=self.path.parent,
            )
        with self.engine.connect() as connection:
            try:
                found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            except sa.exc.OperationalError as error:
                if "no such table" in str(error.orig):
                    return ""
                raise
            return str(found.scalar_one_or_none() or "")

    def no_registry_error(self) -> RegistryError:
        """Return the error for a file with other content."""
        return RegistryError(
            N_("the file {path} is not a registry"),
            N_("Give the right file, or restore the last backup."),
            fields=("registry",),
            path=self.display_name,
        )

    def create(self, fill: Callable[[sa.Connection], None]) -> None:
        """Create the private file and fill it. It gets its name only when it is complete."""
        if self.path.exists():
            raise _exists_error(self.path)
        require_place_for_registry(self.path)
        with unfinished_folder(self.path.parent) as folder:
            new = SQLiteFile(folder / self.path.name, self.wait_ms)
            try:
                new.path.touch(mode=0o600)  # registry and evidence hold personal data
                with new.migrating() as connection:
                    fill(connection)
            finally:
                new.engine.dispose()
            claim_registry_name(new.path, self.path)

    def close(self) -> None:
        """Close every connection; another file may be there when the next one opens."""
        self.engine.dispose()
        self._file = None

    @contextmanager
    def using(self) -> Iterator[None]:
        """Let nobody replace the file meanwhile, by a restore; it must be the one used so far."""
        with nullcontext() if self.has_exclusive_access else self._shared_access():
            self.require_same_file()
            yield

    def _shared_access(self) -> AbstractContextManager[None]:
        return shared_folder(self.evidence_folder, self.wait_ms)

    def require_same_file(self) -> None:
        """Raise RegistryMoved when the file was removed, or another one has its name now.

        SQLite would go on with the old one, and what is recorded there would be lost.
        """
        if self._file not in {None, file_identity(self.path)}:
            raise RegistryMoved(
                N_("the registry {path} was removed or replaced while it was in use"),
                N_(
                    "What this command recorded may be missing. Put the file back or restore the "
                    "latest backup, and look at what it contains before you repeat the work."
                ),
                path=self.display_name,
            )

    def make_evidence_folder(self) -> None:
        """Create the private evidence folder, unless it exists."""
        self.evidence_folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def loading(self, connection: sa.Connection) -> Iterator[None]:
        """Drop triggers and indexes while rows are loaded, and recreate them afterwards."""
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        )
        again = made.scalars().all()
        drop_all(connection, "trigger")
        drop_all(connection, "index")
        yield
        for sql in again:
            connection.exec_driver_sql(sql)

    def load(
        self,
        connection: sa.Connection,
        table: sa.Table,
        chunks: Iterable[list[tuple[Any, ...]]],
    ) -> int:
        """Write rows as given; return how many."""
        places = ", ".join("?" for _column in table.columns)
        insert, count = f"INSERT INTO {table.name} VALUES ({places})", 0  # noqa: S608 - our names
        for chunk in chunks:
            connection.exec_driver_sql(insert, chunk)
            count += len(chunk)
        return count

    def plain_expression(self, column: sa.Column[Any]) -> str:
        """Return the SQL for a value as it is compared with a copy of it."""
        kind = getattr(column.type, "impl_instance", column.type)
        if not isinstance(kind, sa.JSON) and kind.python_type is datetime:
            name = column.name  # a time may be written without its microseconds
            return f"CASE WHEN length({name}) = 19 THEN {name} || '.000000' ELSE {name} END"
        return column.name

    def login(self, _connection: sa.Connection) -> None:
        """Return None: a file knows no logins."""
        return

    def knows_role(self, _connection: sa.Connection, _role: str) -> bool:
        """Return True: a role can be recorded before the registry is moved to a server."""
        return True

    def take_role(self, _connection: sa.Connection, _shown: DoorPass) -> None:
        """Do nothing: a file knows no roles."""

    def show_key(self, _connection: sa.Connection, _key: str) -> None:
        """Do nothing: photoreg itself compares it."""

    def note_writes(self, connection: sa.Connection) -> None:
        """Note from now on which records this connection writes, and what their rows were.

        The temporary table `written` holds the former, `former` the latter. Their triggers are
        temporary too: what other programs write is not noted.
        """
        known = "SELECT 1 FROM sqlite_temp_master WHERE name = 'written'"
        if connection.exec_driver_sql(known).first() is None:
            for sql in _written_statements():
                connection.exec_driver_sql(sql)
        for name in ("written", "former"):  # of a change outside `Registry.writing`
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - our names
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
        )
        found = set(rows.scalars())
        if acting_digest(found) != TRIGGER_DIGEST:
            self._refuse_foreign(found - set(statements_of(schema_sql())))

    def contains_expression(self, name: str, content: bytes) -> str:
        """Return the SQL condition that a column of bytes contains these."""
        return f"instr({name}, X'{content.hex()}') > 0"

    def sort_expression(self, column: sa.Column[Any]) -> str:
        """Return the SQL that sorts rows in the same order on every engine."""
        return column.name

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Open a connection that may rebuild tables: references are checked at the end only."""
        engine = self.engine.execution_options(writes=True, migrates=True)
        try:
            with engine.begin() as connection:
                yield connection
                self._refuse_dangling(connection)
        finally:
            self.engine.dispose()  # later connections enforce foreign keys again

    def check(self, connection: sa.Connection) -> None:
        """Raise RegistryError for a damaged file, a dangling reference, or a missing trigger."""
        if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
            raise self._damaged_error()
        self._refuse_dangling(connection)
        found = set(statements_of(dump_schema(connection)))
        ours = statements_of(schema_sql())
        gone = [sql for sql in ours if sql not in found]
        if gone:
            names = (_CREATED.sub(r"\1", sql) for sql in gone)
            raise missing_parts_error(self.display_name, names)
        self._refuse_foreign(found - set(ours))

    def _refuse_foreign(self, statements: Iterable[str]) -> None:
        """Raise RegistryError for triggers and views that are not ours: they act in our changes."""
        foreign = [found[1] for sql in sorted(statements) if (found := _ACTING.match(sql))]
        if foreign:
            raise foreign_parts_error(self.display_name, foreign)

    def purge_deleted(self) -> None:
        """Empty the write-ahead log, which holds earlier states of changed pages until then."""
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def as_registry_error(self, error: BaseException | None) -> RegistryError:
        """Return the user's error for a database error."""
        text = str(error).lower()
        for sign, message, hint in _FAULTS:
            if sign in text:
                return RegistryError(message, hint, path=self.display_name)
        return RegistryError(
            N_("the registry {path} cannot be used: {cause}"),
            N_("Nothing was changed. Check the file and its folder, or restore the latest backup."),
            path=self.display_name,
            cause=text,
        )

    def _set_up_connection(self, connection: Any, _record: object) -> None:
        self._file = self._file or file_identity(self.path)
        # None: the driver opens no transaction by itself; `_begin` does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {self.wait_ms}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")  # deleted content is overwritten
        keep_closed(self.path)

    def _after_connection(self, _connection: Any, _record: object) -> None:
        may_open(self.path)

    def _refuse_dangling(self, connection: sa.Connection) -> None:
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise self._damaged_error()

    def _damaged_error(self) -> RegistryError:
        return RegistryError(
            N_("the registry {path} is damaged"),
            N_("Nothing was changed. Keep the file as it is and restore the latest backup."),
            path=self.display_name,
        )


_FAULTS = (
    (
        "would block",
        N_("the registry {path} is in use by somebody else"),
        N_("Nothing was changed. Try again in a moment."),
    ),
    (
        "locked",
        N_("the registry {path} is in use by somebody else"),
        N_("Nothing was changed. Try again in a moment."),
    ),
    (
        "not a database",
        N_("the file {path} is not a registry"),
        N_("Give the right file, or restore the last backup."),
    ),
    (
        "malformed",
        N_("the registry {path} is damaged"),
        N_("Nothing was changed. Keep the file as it is and restore the latest backup."),
    ),
    (
        "unique constraint",
        N_("this is recorded in the registry {path} already"),
        N_("Nothing was changed. Look at what is recorded, and try again."),
    ),
    (
        "full",
        N_("the disk is full, so the registry {path} could not be written"),
        N_("Nothing was changed. Free disk space and try again."),
    ),
    (
        "disk i/o error",
        N_("the registry {path} could not be written to the disk"),
        N_("Nothing was changed. Check that the disk works and has free space, and try again."),
    ),
    (
        "readonly",
        N_("you have no right to write the registry {path}"),
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
"""SQLite's messages and ours: text to look for, message, hint."""


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("migrates"):  # tables are rebuilt: references are checked at the end instead
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def claim_registry_name(new: Path, path: Path) -> None:
    """Give a finished file its name; NotAllowed when the name was taken meanwhile.

    The journal of another registry must not be there: SQLite would replay it onto this one.
    """
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and not path.exists():
        raise NotAllowed(
            N_("the file {file} belongs to a registry that is missing"),
            N_(
                "Put the registry back beside it: this file contains the latest changes. Or "
                "move it elsewhere."
            ),
            file=journal,
        )
    try:
        claim_name(new, path)
    except FileExistsError:
        raise _exists_error(path) from None


def _exists_error(path: Path) -> NotAllowed:
    return NotAllowed(
        N_("there is already a registry at {path}"),
        N_("Use it, or choose another name."),
        fields=("registry",),
        path=path,
    )


@cache
def _written_statements() -> list[str]:
    """Return the statements that make the tables of notes and the triggers that fill them."""
    from photoreg.registry.record_hashes.records import (  # noqa: PLC0415 - declares every table
        record_kinds,
    )
    from photoreg.registry.tables.all import APPEND_ONLY, NEVER_DELETED  # noqa: PLC0415

    made = [f"CREATE TEMP TABLE {columns} WITHOUT ROWID" for columns in _NOTES]
    for kind in record_kinds().values():
        for table, column in kind.tables():
            # What the schema forbids anyway needs no trigger; each takes its time to be made.
            never = {"UPDATE", "DELETE"} if table.name in APPEND_ONLY else set()
            never |= {"DELETE"} if table.name in NEVER_DELETED else set()
            for verb in (each for each in _ROWS_OF_TRIGGERS if each not in never):
                notes = "; ".join(_notes(kind, table, column, verb))
                made.append(
                    f"CREATE TEMP TRIGGER {table.name}_{verb.lower()}_written "
                    f"AFTER {verb} ON main.{table.name} BEGIN {notes}; END"
                )
    return made


_NOTES = (
    "written (kind, key, is_new DEFAULT 0, PRIMARY KEY (kind, key))",
    "former (name, key, number, content, PRIMARY KEY (name, key))",
)
_ROWS_OF_TRIGGERS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _notes(kind: "RecordKind", table: sa.Table, column: str, verb: str) -> Iterator[str]:
    """Yield the statements of one trigger: which record is written, and the row as it was."""
    from photoreg.registry.record_hashes.changes import is_told, told_columns  # noqa: PLC0415

    is_record = table is kind.table
    for row in _ROWS_OF_TRIGGERS[verb]:
        if is_told(table) and not (is_record and row == "NEW"):
            values = ", ".join(f"'{c.name}', OLD.{c.name}" for c in told_columns(table, column))
            content = f"json_object({values})" if row == "OLD" else "NULL"
            key = " || ',' || ".join(f"{row}.{c.name}" for c in table.primary_key)
            yield (
                f"INSERT OR IGNORE INTO former "  # noqa: S608 - our names
                f"SELECT '{table.name}', {key}, {row}.{column}, {content} WHERE NOT EXISTS "
                f"(SELECT 1 FROM written "
                f"WHERE kind = '{kind.name}' AND key = {row}.{column} AND is_new)"
            )
        is_new = int(is_record and verb == "INSERT")
        values = f"'{kind.name}', {row}.{column}, {is_new}"
        yield f"INSERT OR IGNORE INTO written VALUES ({values})"  # noqa: S608 - our names


_ACTING = re.compile(r"^CREATE (?:TRIGGER|VIEW) (\w+)")
_CREATED = re.compile(r"^CREATE (?:UNIQUE )?\w+ (\w+).*", re.DOTALL)


def schema_sql() -> str:
    """Return the schema that the tables describe, one statement per paragraph."""
    engine = sa.create_engine("sqlite://")
    from photoreg.registry.triggers.append_only import (  # noqa: PLC0415 - declares every table
        complete_schema,
    )

    complete_schema().create_all(engine)
    with engine.connect() as connection:
        return dump_schema(connection)


def acting_digest(statements: Iterable[str]) -> str:
    """Return the digest of the triggers and views among the statements of a schema."""
    acting = sorted(sql for sql in statements if _ACTING.match(sql))
    return hashlib.sha256(";".join(acting).encode()).hexdigest()


def dump_schema(connection: sa.Connection) -> str:
    """Return the SQL of every table, index and trigger, without Alembic's own table."""
    rows = connection.execute(
        sa.text(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name <> 'alembic_version' AND tbl_name <> 'alembic_version' "
            "AND name <> 'sqlite_sequence' "  # SQLite's own, for ids that are never used again
            "ORDER BY type = 'trigger', type = 'index', name"
        )
    )
    # A table rebuilt by a migration retains the quotes from its renaming.
    unquoted = (re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", row[0]) for row in rows)
    lines = (sql.replace("\t", "  ").replace(" \n", "\n") for sql in unquoted)
    return ";\n\n".join(lines) + ";\n"
