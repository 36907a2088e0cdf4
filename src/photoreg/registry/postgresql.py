"""A registry in a database on a PostgreSQL server, for several offices that write at once.

A change takes the registry's advisory lock before it looks at anything, and keeps it to its end:
one writer at a time, as on SQLite. So the log's chain has one end, an approval is judged on facts
that nobody changes meanwhile, and no change is ever undone for being too late. What is read within
a change is committed or its own (READ COMMITTED); a reader sees one state (REPEATABLE READ).

No message shows a password: addresses are shown without it, and of what the server says only the
main line is used, which holds no values of rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry import remembering, tables
from photoreg.registry.forgetting import postgresql_triggers
from photoreg.texts import N_

WRITERS_LOCK = 7_703_2025
"""The key of the advisory lock that every change takes; any number will do, as long as it stays."""

CONNECT_TIMEOUT_S = 10

_SCHEMES = {"postgresql", "postgresql+psycopg"}


class PostgreSQLDatabase:
    """A database that is or will be a registry; `shown` is its address without the password."""

    def __init__(self, address: str, wait_ms: int, evidence: Path | None) -> None:
        url = _url(address)
        self.shown = sa.URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database
        ).render_as_string()
        self.wait_ms = wait_ms
        self._evidence = evidence
        self.engine = self._engine(url)
        self.reading = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        sa.event.listen(self.engine, "connect", self._set_up_connection)
        sa.event.listen(self.engine, "begin", _begin)

    @property
    def folder_of_evidence(self) -> Path:
        """The folder that was named for the evidence files; RegistryError when there is none."""
        if self._evidence is None:
            raise RegistryError(
                N_("no folder is named for the evidence of the registry {path}"),
                N_("Name the folder that all offices share with --evidence or PHOTOREG_EVIDENCE."),
                path=self.shown,
            )
        if not self._evidence.is_dir():
            raise RegistryError(
                N_("the folder of the evidence is not there: {folder}"),
                N_("Check that the shared folder is connected; `photoreg init` makes a new one."),
                folder=self._evidence,
            )
        return self._evidence

    def exists(self) -> bool:
        """Is there anything to open? Whoever connects will know."""
        return True

    def version(self) -> str:
        """Return the schema version, or nothing when this is no registry."""
        with self.reading.connect() as connection:
            return _version(connection)

    def no_registry(self) -> RegistryError:
        """Return the error for a database without a registry."""
        return RegistryError(
            N_("there is no registry at {path}"),
            N_("Make one with `photoreg init`, or name another with --registry."),
            path=self.shown,
        )

    def create(self, fill: Callable[[sa.Connection], None]) -> None:
        """Fill the empty database; it stays empty when that fails."""
        with self.migrating() as connection:
            if _version(connection):
                raise NotAllowed(
                    N_("there is a registry at {path} already"),
                    N_("Use it, or choose another name with --registry."),
                    path=self.shown,
                )
            if connection.exec_driver_sql(_ANY_TABLE).first() is not None:
                raise NotAllowed(
                    N_("the database {path} holds something else"),
                    N_("Have an empty database made for the registry."),
                    path=self.shown,
                )
            fill(connection)
            if self._evidence is not None:
                self._evidence.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Give a connection that may change the schema: all of it, or nothing."""
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    def check(self, connection: sa.Connection) -> None:
        """Raise RegistryError when a constraint or trigger of the schema is gone or turned off."""
        found = set(connection.exec_driver_sql(_IN_FORCE).scalars())
        gone = sorted(_protection() - found)
        if gone:
            raise RegistryError(
                N_("the database {path} has lost what protects its records: {names}"),
                N_("Somebody changed it from outside. Take the last backup."),
                path=self.shown,
                names=", ".join(gone),
            )

    def forget_deleted(self) -> None:
        """Clear away earlier states of rows; tables of another owner are left to autovacuum."""
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")

    def explained(self, error: BaseException | None) -> RegistryError:
        """Return what to tell the user about a fault, by its SQLSTATE, or by the connection's."""
        state = str(getattr(error, "sqlstate", None) or "")
        for begins, message, hint in _STATES:
            if state.startswith(begins):
                return RegistryError(message, hint, path=self.shown)
        said = str(error).lower()
        if not state and type(error).__name__ == "OperationalError":
            message, hint = next((m, h) for sign, m, h in _UNREACHED if sign in said)
            return RegistryError(message, hint, path=self.shown)
        primary = getattr(getattr(error, "diag", None), "message_primary", None)
        return RegistryError(
            N_("the registry {path} cannot be used: {cause}"),
            N_("Nothing was changed. Tell the one who looks after the server."),
            path=self.shown,
            cause=primary or said,
        )

    def _engine(self, url: sa.URL) -> sa.Engine:
        try:
            return sa.create_engine(
                url,
                connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "photoreg"}
                | dict(url.query),
                use_native_hstore=False,
            )
        except ImportError as error:
            raise RegistryError(
                N_("photoreg on this computer cannot speak to PostgreSQL"),
                N_("Install it with its extra: pip install 'photoreg[postgresql]'."),
            ) from error

    def _set_up_connection(self, connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {self.wait_ms}; SET timezone = 'UTC'")
        connection.autocommit = False


def _url(address: str) -> sa.URL:
    """Return the address as SQLAlchemy takes it; RegistryError, which quotes none of it."""
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    # An @ in the host is the rest of a password that was not written in per cent.
    if url is None or url.drivername not in _SCHEMES or "@" in (url.host or ""):
        raise RegistryError(
            N_("the address of the registry cannot be understood"),
            N_(
                "Write postgresql://LOGIN@SERVER/DATABASE. In a password, @ is written %40; "
                "better keep it in the file .pgpass."
            ),
        )
    return url.set(drivername="postgresql+psycopg")


def _begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


def _version(connection: sa.Connection) -> str:
    if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
        return ""
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    return str(found.scalar_one_or_none() or "")


_ANY_TABLE = "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace LIMIT 1"

_IN_FORCE = """
SELECT conname FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND convalidated
AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgconstraint = pg_constraint.oid AND tgenabled = 'D')
UNION ALL
SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled <> 'D'
UNION ALL
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace AND indisunique AND indisvalid
"""
"""The names of the constraints, triggers and unique indexes that the server keeps."""

_IN_USE = (
    N_("the registry {path} is in use by somebody else"),
    N_("Nothing was changed. Try again in a moment."),
)
_LOST = (
    N_("the connection to the registry {path} was lost"),
    N_("Look whether your last change is there before you do it again."),
)

_STATES = (
    ("55P03", *_IN_USE),
    ("40", *_IN_USE),
    ("53300", *_IN_USE),
    (
        "53100",
        N_("the disk is full, so the registry {path} could not be written"),
        N_("Nothing was changed. Make room on the disk and do it again."),
    ),
    (
        "58",
        N_("the registry {path} could not be written to the disk"),
        N_("Nothing was changed. Check that the disk is whole and has room, and do it again."),
    ),
    (
        "42501",
        N_("the registry {path} may not be written or read by you in this way"),
        N_("Nothing was changed. Ask the one who looks after the server for the right role."),
    ),
    (
        "25006",
        N_("the registry {path} is a copy that can only be read"),
        N_("Nothing was changed. Name the main server with --registry."),
    ),
    (
        "XX",
        N_("the registry {path} is damaged"),
        N_("Nothing was changed. Tell the one who looks after the server; take the last backup."),
    ),
    ("57P", *_LOST),
    ("08", *_LOST),
)
"""Beginning of the SQLSTATE (PostgreSQL's documentation, appendix A), message, hint."""

_REFUSED = (
    N_("the server refuses your login to the registry {path}"),
    N_("Check the login and its password (file .pgpass or PGPASSWORD)."),
)
_BUSY_SERVER = (
    N_("the server of the registry {path} takes nobody in just now"),
    N_("Nothing was changed. Try again in a moment."),
)
_UNREACHED = (
    ("server closed the connection", *_LOST),
    ("terminating connection", *_LOST),
    ("connection is lost", *_LOST),
    ("authentication failed", *_REFUSED),
    ("no password supplied", *_REFUSED),
    ("pg_hba.conf", *_REFUSED),
    ('role "', *_REFUSED),
    ("permission denied for database", *_REFUSED),
    (
        'database "',
        N_("the server has no database for the registry {path}"),
        N_("Check its name, or have an empty database made."),
    ),
    ("too many", *_BUSY_SERVER),
    ("connection slots", *_BUSY_SERVER),
    ("starting up", *_BUSY_SERVER),
    ("shutting down", *_BUSY_SERVER),
    ("recovery", *_BUSY_SERVER),
    (
        "",
        N_("the server of the registry {path} cannot be reached"),
        N_("Check the address and the network, and that the server runs."),
    ),
)
"""What is said when no session comes about: sign, message, hint. There is no SQLSTATE then."""


def schema_sql() -> str:
    """Return the schema that the tables describe, one statement a paragraph; needs no server.

    References come after the tables, since staff and persons refer to each other.
    """
    dialect: Any = sa.URL.create("postgresql+psycopg").get_dialect()()
    found = [table for _name, table in sorted(tables.whole_schema().tables.items())]
    made: list[Any] = [CreateTable(t, include_foreign_key_constraints=[]) for t in found]
    made += [CreateIndex(i) for t in found for i in sorted(t.indexes, key=lambda i: str(i.name))]
    made += [
        AddConstraint(key)
        for table in found
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    ]
    lines = [str(element.compile(dialect=dialect)).strip() for element in made]
    lines = [line.replace("\t", "  ").replace(" \n", "\n") for line in lines]
    lines = [_numbered(line) for line in lines]
    parts = (_functions(lines), lines, _triggers(), _remembering(), postgresql_triggers())
    return ";\n\n".join(statement for part in parts for statement in part) + ";\n"


def _numbered(statement: str) -> str:
    table = statement.split()[2]
    return re.sub(r"(\w+) SERIAL\b", rf"\1 INTEGER DEFAULT next_\1_of_{table}()", statement)


def _functions(statements: Iterable[str]) -> Iterator[str]:
    """Give the functions of the triggers, and those that number the rows.

    Numbers come from the rows themselves and not from a sequence, as on SQLite: a change that was
    undone leaves no gap, and after a copy nothing needs to be set. Two cannot get the same number,
    since one change is made at a time.
    """
    for name, why in (("append_only", "append-only"), ("never_deleted", "never deleted")):
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
            f"  RAISE integrity_constraint_violation\n"
            f"    USING MESSAGE = TG_TABLE_NAME || ' is {why}';\n"
            f"END $$"
        )
    for name, column, table in re.findall(r"(next_(\w+)_of_(\w+))\(\)", "\n".join(statements)):
        yield (
            f"CREATE FUNCTION {name}() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN\n"  # noqa: S608 - names of the schema
            f"  RETURN (SELECT coalesce(max({column}), 0) + 1 FROM {table});\n"
            f"END $$"
        )


def _triggers() -> Iterator[str]:
    """Give the triggers that keep what has been said; by statement, so that TRUNCATE is met."""
    for names, why, verbs in (
        (tables.APPEND_ONLY, "append_only", "UPDATE OR DELETE OR TRUNCATE"),
        (tables.NEVER_DELETED, "never_deleted", "DELETE OR TRUNCATE"),
    ):
        for table in sorted(names):
            yield (
                f"CREATE TRIGGER {table}_is_{why} BEFORE {verbs} ON {table}\n"
                f"  FOR EACH STATEMENT EXECUTE FUNCTION {why}()"
            )


def _remembering() -> Iterator[str]:
    """Give the triggers that write what rows held: the same as SQLite's, see `remembering`.

    They write with the rights of the registry's owner: nobody else may write a history.
    """
    for name, columns in remembering.HISTORY.items():
        table = tables.METADATA.tables[name]
        values = (f"'{c}', {_kept(table.c[c])}" for c in remembering.kept_columns(table))
        old = f"json_build_object({', '.join(values)})"
        yield _remember(table, "OLD", old)
        yield _trigger_after(table, "DELETE", "old")
        if columns:
            differs = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
            yield _trigger_after(table, f"UPDATE OF {', '.join(columns)}", "old", differs)
        if name in remembering.WITHOUT_TIME:
            came_with = remembering.WITHOUT_TIME[name]
            yield _remember(table, "NEW", "'{}'", came_with)
            yield _trigger_after(table, "INSERT", "new")


def _remember(
    table: sa.Table, row: str, old: str, came_with: tuple[str, str, str] | None = None
) -> str:
    key = " || ',' || ".join(f"{row}.{column.name}" for column in table.primary_key)
    when = ""
    if came_with:
        parent, reference, time = came_with
        added = f"(SELECT {time} FROM {parent} WHERE id = NEW.{reference})"  # noqa: S608 - our names
        when = f"\n  WHERE {added} IS DISTINCT FROM (SELECT at FROM moment)"  # noqa: S608
    return (
        f"CREATE FUNCTION remember_{row.lower()}_{table.name}() RETURNS trigger LANGUAGE plpgsql\n"  # noqa: S608
        f"SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN\n"
        f"  INSERT INTO history (at, table_name, kind, row_key, old)\n"
        f"  SELECT coalesce((SELECT at FROM moment), now()), '{table.name}', lower(TG_OP),\n"
        f"    ({key})::text, {old}{when};\n"
        f"  RETURN NULL;\n"
        f"END $$"
    )


def _trigger_after(table: sa.Table, verb: str, row: str, when: str = "") -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {table.name}_{verb.split(maxsplit=1)[0].lower()}_remembered AFTER {verb}\n"
        f"  ON {table.name} FOR EACH ROW {condition}\n"
        f"  EXECUTE FUNCTION remember_{row}_{table.name}()"
    )


def _kept(column: sa.Column[Any]) -> str:
    """Return the value as SQLite writes it, so that a copy of the registry reads the same."""
    value = f"OLD.{column.name}"
    if column.name in remembering.MARKED:
        return f"CASE WHEN {value} IS NOT NULL THEN '{remembering.MARK}' END"
    kind = getattr(column.type, "impl_instance", column.type)
    if kind.python_type is bool:
        return f"{value}::integer"
    if kind.python_type is datetime:
        return f"to_char({value}, 'YYYY-MM-DD HH24:MI:SS.US')"  # the session's time zone is UTC
    return value


def _protection() -> set[str]:
    """Return the names of the constraints, triggers and unique indexes that must be in force."""
    return set(re.findall(r"(?:CONSTRAINT|CREATE TRIGGER|UNIQUE INDEX) (\w+)", schema_sql()))
