"""A registry in a database on a PostgreSQL server, for several offices that write at once.

A change takes the registry's advisory lock before it reads anything, and holds it to its end: one
writer at a time, as on SQLite. So the log's chain has one end, an approval is evaluated on facts
that nobody changes meanwhile, and no change fails on a conflict. A change reads committed data and
its own (READ COMMITTED); a reader sees one state (REPEATABLE READ).

No message shows a password: addresses are shown without it, and of a server's error only the main
line is used, which holds no values of rows.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from photoreg.errors import NotAllowed, RegistryError, RegistryMissing, SessionEnded
from photoreg.installation import install_command
from photoreg.named_files import keep_documents
from photoreg.registry.engines.postgresql_guards import (
    KEY_SETTING,
    NO_SECRET,
    SECRET_SETTING,
    TOO_MANY_RIGHTS,
    UNKNOWN_ROLE,
    guard_names,
)
from photoreg.registry.engines.postgresql_schema import (
    WRITERS_LOCK,
    WRITTEN,
    as_sqlite_writes,
    protection_names,
)
from photoreg.registry.engines.protection import foreign_parts_error, missing_parts_error
from photoreg.registry.engines.server_login import DoorPass, ServerLogin
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

CONNECT_TIMEOUT_S = 10

logging.getLogger("psycopg").addHandler(logging.NullHandler())
"""A broken connection is reported by our own message instead."""

_SCHEMES = {"postgresql", "postgresql+psycopg"}


class PostgreSQLDatabase:
    """A database that is or will be a registry; `display_name` hides the password."""

    def __init__(self, address: str, wait_ms: int, evidence: Path | None) -> None:
        url = _url(address)
        self.display_name = sa.URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database
        ).render_as_string()
        self.wait_ms = wait_ms
        self.has_exclusive_access = False
        self._evidence = evidence
        if evidence is not None:
            keep_documents(evidence)
        self.engine = self._engine(url)
        self.reading = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        sa.event.listen(self.engine, "connect", self._set_up_connection)
        sa.event.listen(self.engine, "begin", _begin)

    @property
    def evidence_folder(self) -> Path:
        """The folder configured for the evidence files; RegistryError when there is none."""
        if self._evidence is None:
            raise RegistryError(
                N_("the registry {path} has no evidence folder"),
                N_("Give the folder that all offices share."),
                fields=("evidence",),
                path=self.display_name,
            )
        if not self._evidence.is_dir():
            raise RegistryError(
                N_("the evidence folder does not exist: {folder}"),
                N_("Check that the shared folder is connected. A new registry gets a new folder."),
                step=NextStep.to(NextAction.REGISTRY_MAKE),
                folder=self._evidence,
            )
        return self._evidence

    def exists(self) -> bool:
        """Return True: only connecting can tell."""
        return True

    def version(self) -> str:
        """Return the schema version, or an empty string when this is not a registry."""
        with self.reading.connect() as connection:
            return _version(connection)

    def no_registry_error(self) -> RegistryError:
        """Return the error for a database without a registry."""
        return RegistryMissing(
            N_("there is no registry at {path}"),
            N_("Make a registry, or name another one."),
            step=NextStep.to(NextAction.REGISTRY_MAKE),
            fields=("registry",),
            path=self.display_name,
        )

    def create(self, fill: Callable[[sa.Connection], None]) -> None:
        """Fill the empty database; it stays empty when that fails."""
        with self.migrating() as connection:
            if _version(connection):
                raise NotAllowed(
                    N_("there is already a registry at {path}"),
                    N_("Use it, or choose another name."),
                    fields=("registry",),
                    path=self.display_name,
                )
            if connection.exec_driver_sql(_ANY_TABLE).first() is not None:
                raise NotAllowed(
                    N_("the database {path} contains other data"),
                    N_("Ask for an empty database for the registry."),
                    path=self.display_name,
                )
            fill(connection)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def using(self) -> AbstractContextManager[None]:
        """Do nothing: a database on a server is not replaced."""
        return nullcontext()

    def require_same_file(self) -> None:
        """Do nothing: the server keeps its files."""

    def make_evidence_folder(self) -> None:
        """Create the configured evidence folder, private, unless it exists."""
        if self._evidence is not None:
            self._evidence.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def loading(self, connection: sa.Connection) -> Iterator[None]:
        """Drop triggers, references and indexes while rows are loaded, and recreate them.

        Staff and persons refer to each other, so no order of the tables would satisfy the
        references.
        """
        for sql in connection.exec_driver_sql(_TRIGGERS_OFF).scalars().all():
            connection.exec_driver_sql(sql)
        again = connection.exec_driver_sql(_RECREATE_STATEMENTS).all()
        for drop, _make in again:
            connection.exec_driver_sql(drop)
        yield
        for _drop, make in again:
            connection.exec_driver_sql(make.replace("%", "%%"))
        for sql in connection.exec_driver_sql(_TRIGGERS_OFF).scalars().all():
            connection.exec_driver_sql(sql.replace(" DISABLE ", " ENABLE "))
        connection.exec_driver_sql("ANALYZE")

    def load(
        self,
        connection: sa.Connection,
        table: sa.Table,
        chunks: Iterable[list[tuple[Any, ...]]],
    ) -> int:
        """Write rows as SQLite stores them; return how many."""
        driver: Any = connection.connection.driver_connection
        columns, count = ", ".join(column.name for column in table.columns), 0
        try:
            with driver.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for chunk in chunks:
                    for row in chunk:
                        copy.write_row(row)
                    count += len(chunk)
        except driver.Error as error:
            raise sa.exc.DBAPIError(None, None, error) from error
        return count

    def plain_expression(self, column: sa.Column[Any]) -> str:
        """Return the SQL for a value as a SQLite registry stores it."""
        return as_sqlite_writes(column, column.name)

    def login(self, connection: sa.Connection) -> ServerLogin:
        """Return the login on the server, and the role in force."""
        return ServerLogin(*connection.exec_driver_sql(_LOGIN).one())

    def knows_role(self, connection: sa.Connection, role: str) -> bool:
        """Return whether the server has a role of this name."""
        asked = sa.text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
        return bool(connection.execute(asked, {"role": role}).scalar())

    def take_role(self, connection: sa.Connection, shown: DoorPass) -> None:
        """Take the role of a user for this transaction, and show the server the secret.

        The owner of the registry needs no role: the server asks the owner nothing.
        """
        if self.login(connection).is_owner:
            return
        asked = sa.text("SELECT role_on_server(:login)")
        role = connection.execute(asked, {"login": shown.login}).scalar_one()
        if role is None:
            raise NotAllowed(
                N_("{login} is not a user of this registry"),
                N_("Ask the communications coordinator to add you."),
                login=shown.login,
            )
        quoted = connection.dialect.identifier_preparer.quote_identifier(role)
        connection.exec_driver_sql(f"SET LOCAL ROLE {quoted}".replace("%", "%%"))
        _set(connection, SECRET_SETTING, shown.secret)

    def show_key(self, connection: sa.Connection, key: str) -> None:
        """Show the server the key of the old password, before it is changed."""
        _set(connection, KEY_SETTING, key)

    def note_writes(self, connection: sa.Connection) -> None:
        """Note from now on which records this session writes, in the temporary table `written`.

        The schema's triggers note nothing in sessions that do not have it.
        """
        if connection.exec_driver_sql("SELECT to_regclass('pg_temp.written')").scalar() is None:
            connection.exec_driver_sql(WRITTEN)

    def contains_expression(self, name: str, content: bytes) -> str:
        """Return the SQL condition that a column of bytes contains these."""
        return f"position('\\x{content.hex()}'::bytea IN {name}) > 0"

    def sort_expression(self, column: sa.Column[Any]) -> str:
        """Return the SQL that sorts rows in the same order on every engine."""
        is_text = not isinstance(column.type, sa.JSON) and column.type.python_type is str
        return f'{column.name} COLLATE "C"' if is_text else column.name

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Open a connection that may change the schema: completely, or not at all."""
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    def check(self, connection: sa.Connection) -> None:
        """Raise RegistryError when a constraint or trigger of the schema is missing or disabled.

        The same for triggers of others, and for the rules about logins, where logins have rights.
        """
        found = set(connection.exec_driver_sql(_IN_FORCE).scalars())
        gone = sorted(protection_names() - found)
        if gone:
            raise missing_parts_error(self.display_name, gone)
        triggers = set(connection.exec_driver_sql(_TRIGGERS).scalars())
        foreign = sorted(triggers - protection_names() - guard_names())
        if foreign:
            raise foreign_parts_error(self.display_name, foreign)
        unguarded = sorted(guard_names() - found)
        if unguarded and connection.exec_driver_sql(_STAFF_HAVE_RIGHTS).scalar():
            raise RegistryError(
                N_("the database {path} lacks rules about what logins may do: {names}"),
                N_("The server administrator must run the roles file again."),
                path=self.display_name,
                names=", ".join(unguarded),
            )

    def purge_deleted(self) -> None:
        """Vacuum earlier states of rows; tables of another owner are left to autovacuum."""
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")

    def as_registry_error(self, error: BaseException | None) -> RegistryError:
        """Return the user's error for a database error, by its SQLSTATE or the connection's."""
        state = str(getattr(error, "sqlstate", None) or "")
        for begins, message, hint in _STATES:
            if state.startswith(begins):
                kind = SessionEnded if state == NO_SECRET else RegistryError
                return kind(message, hint, path=self.display_name)
        text = str(error).lower()
        if not state and type(error).__name__ == "OperationalError":
            message, hint = next((m, h) for sign, m, h in _UNREACHED if sign in text)
            return RegistryError(message, hint, path=self.display_name)
        primary = getattr(getattr(error, "diag", None), "message_primary", None)
        return RegistryError(
            N_("the registry {path} cannot be used: {cause}"),
            N_("Nothing was changed. Report this to the server administrator."),
            path=self.display_name,
            cause=(primary or text).strip(),
        )

    def _engine(self, url: sa.URL) -> sa.Engine:
        try:
            return sa.create_engine(
                url,
                connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "photoreg"}
                | dict(url.query),
                isolation_level="READ COMMITTED",  # whatever the server's setting
                use_native_hstore=False,
            )
        except ImportError as error:
            raise RegistryError(
                N_("photoreg on this computer does not support PostgreSQL"),
                N_("Install it with: {command}"),
                command=install_command("psycopg[binary]"),
            ) from error

    def _set_up_connection(self, connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {self.wait_ms}; SET timezone = 'UTC'")
        connection.autocommit = False


def _set(connection: sa.Connection, name: str, value: str) -> None:
    """Set a setting for this transaction."""
    connection.execute(sa.select(sa.func.set_config(name, value, True)))


def _url(address: str) -> sa.URL:
    """Return the address as SQLAlchemy takes it; RegistryError, which quotes none of it."""
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        url = None
    # An @ in the host is part of a password that was not percent-encoded.
    if url is None or url.drivername not in _SCHEMES or "@" in (url.host or ""):
        raise RegistryError(
            N_("the address of the registry is not valid"),
            N_(
                "Write postgresql://LOGIN@SERVER/DATABASE. In a password, @ is written %40; it "
                "is better to keep the password in the file .pgpass."
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


_LOGIN = """
SELECT session_user::text, current_user::text, pg_has_role(current_user, relowner, 'USAGE')
FROM pg_class WHERE oid = 'ledger'::regclass
"""

_ANY_TABLE = "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace LIMIT 1"

_TRIGGERS_OFF = """
SELECT 'ALTER TABLE ' || oid::regclass || ' DISABLE TRIGGER USER' FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname
"""

_RECREATE_STATEMENTS = """
SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname,
    'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || conname || ' '
    || pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
UNION ALL
SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""
"""References, and the indexes that are not constraints: statements to drop and recreate each."""

_TRIGGERS = """
SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled <> 'D'
"""
"""The names of the triggers in force on the server."""

_IN_FORCE = f"""
SELECT conname FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND convalidated
AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgconstraint = pg_constraint.oid AND tgenabled = 'D')
UNION ALL
{_TRIGGERS}
UNION ALL
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace AND indisunique AND indisvalid
UNION ALL
SELECT polname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity
"""  # noqa: S608 - ours
"""The names of the constraints, triggers, unique indexes and row rules in force on the server."""

_STAFF_HAVE_RIGHTS = (
    "SELECT position('photoreg_staff=' in relacl::text) > 0 FROM pg_class"
    " WHERE oid = 'photo'::regclass"
)

_IN_USE = (
    N_("the registry {path} is in use by somebody else"),
    N_("Nothing was changed. Try again in a moment."),
)
_LOST = (
    N_("the connection to the registry {path} was lost"),
    N_("Check whether your last change was saved before you repeat it."),
)

_STATES = (
    (
        UNKNOWN_ROLE,
        N_("your login on the server is not recorded for a user of the registry {path}"),
        N_("Nothing was changed. Ask the communications coordinator to record it for you."),
    ),
    (
        NO_SECRET,
        N_("your session has ended, so the registry {path} does not answer"),
        N_("Nothing was changed. Log in again."),
    ),
    (
        TOO_MANY_RIGHTS,
        N_("your login on the server has rights that your role in the registry {path} has not"),
        N_("Nothing was changed. Ask the server administrator for the right role."),
    ),
    (
        "23505",
        N_("this is recorded in the registry {path} already"),
        N_("Nothing was changed. Look at what is recorded, and try again."),
    ),
    ("55P03", *_IN_USE),
    ("40", *_IN_USE),
    ("53300", *_IN_USE),
    (
        "53100",
        N_("the disk is full, so the registry {path} could not be written"),
        N_("Nothing was changed. Free disk space and try again."),
    ),
    (
        "58",
        N_("the registry {path} could not be written to the disk"),
        N_("Nothing was changed. Check that the disk works and has free space, and try again."),
    ),
    (
        "42501",
        N_("you have no right to write or read the registry {path} in this way"),
        N_(
            "Nothing was changed. Ask the server administrator for the right role; after an "
            "upgrade the roles file must be run again."
        ),
    ),
    (
        "25006",
        N_("the registry {path} is a read-only copy"),
        N_("Nothing was changed. Name the main server."),
    ),
    (
        "XX",
        N_("the registry {path} is damaged"),
        N_(
            "Nothing was changed. Report this to the server administrator and restore the "
            "latest backup."
        ),
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
    N_("the server of the registry {path} is not accepting connections now"),
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
        N_("Check its name, or ask for an empty database."),
    ),
    ("too many", *_BUSY_SERVER),
    ("connection slots", *_BUSY_SERVER),
    ("starting up", *_BUSY_SERVER),
    ("shutting down", *_BUSY_SERVER),
    ("recovery", *_BUSY_SERVER),
    (
        "",
        N_("the server of the registry {path} cannot be reached"),
        N_("Check the address and the network, and that the server is running."),
    ),
)
"""Errors without a session, which have no SQLSTATE: text to look for, message, hint."""
