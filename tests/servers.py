"""A PostgreSQL server for the tests, from Debian's programs, in a temporary folder; its logins."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite_migration import statements_of

OWNER_ROLE = "owner"
"""The role that owns everything on the server and needs no password; others need one."""

ROLES_FILE = Path(__file__).parent.parent / "schema" / "roles.postgresql.sql"
PASSWORD = "correct horse"  # noqa: S105 - of a server that lives as long as the tests

FAST_SETTINGS = {
    "fsync": "off",  # test data need not survive a crash
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "listen_addresses": "''",
    "dynamic_shared_memory_type": "mmap",  # in the folder, which is removed
}


class Server:
    """A running server; `folder` holds its socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._engine = sa.create_engine(
            self.address("postgres").replace("postgresql:", "postgresql+psycopg:"),
            isolation_level="AUTOCOMMIT",
        )

    def address(self, database: str, login: str = OWNER_ROLE, password: str = "") -> str:
        """Return the address of a database as a user types it."""
        credentials = f"{login}:{password}" if password else login
        return f"postgresql://{credentials}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run a statement on the server as its owner."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def new_database(self, template: str = "template0") -> str:
        """Create a database, empty or as a copy of another; return its address."""
        name = f"registry_{next(self._numbers)}"
        # Copying files is four times as fast as the default strategy.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Drop a database despite open connections."""
        name = database_in(address)
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Close the connections of this process."""
        self._engine.dispose()


def database_in(address: str) -> str:
    """Return the name of the database in an address."""
    return str(sa.make_url(address).database)


def apply_roles(address: str, times: int = 1) -> None:
    """Run the roles file as the owner."""
    owner = Registry(address)
    with owner.store.engine.begin() as connection:
        for statement in times * statements_of(ROLES_FILE.read_text("utf-8")):
            connection.exec_driver_sql(statement)
    owner.close()


def log_in(server: Server, address: str, login: str, *groups: str, more: str = "") -> str:
    """Make a login anew, with these of photoreg's roles; return its address of the registry."""
    server.execute(f'DROP ROLE IF EXISTS "{login}"')
    roles = ", ".join(f"photoreg_{group}" for group in groups)
    in_roles = f"IN ROLE {roles}" if groups else ""
    server.execute(f"CREATE ROLE \"{login}\" LOGIN PASSWORD '{PASSWORD}' {more} {in_roles}")
    return server.address(database_in(address), login, PASSWORD.replace(" ", "%20"))


def postgresql_programs() -> Path | None:
    """Return the program folder of the newest PostgreSQL, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    in_path = shutil.which("initdb")
    return found[-1].parent if found else Path(in_path).parent if in_path else None


@contextmanager
def server(data_folder: Path | None = None) -> Iterator[Server]:
    """Run a server; skip the test (in CI: fail it) where PostgreSQL is missing.

    With `data_folder` its data are stored there and remain.
    """
    found = postgresql_programs()
    if found is None:
        reason = "PostgreSQL is not installed (Debian's package postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # A short name, because the length of a socket's path is limited.
    folder = Path(tempfile.mkdtemp(prefix="photoreg-pg-", dir=memory_folder()))
    user = _user_for(folder)
    as_user: dict[str, Any] = {
        "user": user,
        "group": pwd.getpwnam(user).pw_gid if user else None,
        "extra_groups": [] if user else None,
        "cwd": "/",
    }
    data = data_folder or folder / "data"
    control = [str(found / "pg_ctl"), "-D", str(data)]
    stop = (*control, "stop", "-m", "fast" if data_folder else "immediate")
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, str(folder), *stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C must reach the tests only
        **as_user,
    )

    def run(*command: str) -> None:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            **as_user,
        )
        assert done.returncode == 0, done.stderr

    try:
        if not (data / "PG_VERSION").exists():
            data.mkdir(mode=0o700, exist_ok=True)
            if user:
                shutil.chown(data, user)
            new = (str(found / "initdb"), "-D", str(data), "-U", OWNER_ROLE, "--no-sync")
            run(*new, "-A", "trust", "-E", "UTF8", "--locale=C")
        logins = f"local all {OWNER_ROLE} trust\nlocal all all scram-sha-256\n"
        (data / "pg_hba.conf").write_text(logins)
        options = " ".join(f"-c {name}={value}" for name, value in FAST_SETTINGS.items())
        run(*control, "start", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {options}")
        running = Server(folder)
        yield running
        running.close()
    finally:
        guard.communicate()


GUARD = 'read _; "$@"; rm -rf "$0"'
"""A script that stops the server and removes its folder when its standard input is closed, even if
the tests are killed. Its arguments: the folder, and the command that stops the server."""

MIN_FREE_BYTES = 2**30
"""The free memory in bytes required to store a server and the tests' files there."""


def memory_folder() -> Path | None:
    """Return a folder in memory, if there is one with enough space.

    Copying a database there takes a quarter of the time.
    """
    memory = Path("/dev/shm")  # noqa: S108 - temporary folders in it have unique names
    is_usable = memory.is_dir() and os.access(memory, os.W_OK)
    return memory if is_usable and shutil.disk_usage(memory).free > MIN_FREE_BYTES else None


def _user_for(folder: Path) -> str | None:
    """Return the user to run the server as, which must not be root; None for the current user."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    folder.chmod(0o711)  # tests run by root connect to the socket
    return user
