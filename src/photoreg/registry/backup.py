"""Copies of a registry as SQLite files: taken while it is in use, opened for reading, set aside."""

import glob
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import RegistryError
from photoreg.registry.copying import copy_rows
from photoreg.registry.database import Registry
from photoreg.registry.evidence import content_is, make_private
from photoreg.texts import N_


def copy_registry(registry: Registry, copy: Path) -> None:
    """Write the registry's present state to a new private file; others may write meanwhile."""
    if registry.is_on_server:
        copy_rows(registry, Registry(copy), lambda _old, _new: None)
        into_one_file(copy)
        return
    with registry.errors_explained():
        copy.touch(mode=0o600, exist_ok=False)
        with (
            closing(sqlite3.connect(f"{registry.path.absolute().as_uri()}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(copy)) as b,
        ):
            a.execute(f"PRAGMA busy_timeout = {registry.store.wait_ms}")
            a.backup(b)  # in one step: one read transaction, which holds nobody up
        into_one_file(copy)


def into_one_file(path: Path) -> None:
    """Leave nothing of the database in files beside it; `sqlite3.OperationalError` while in use."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def opened(path: Path) -> Iterator[Session]:
    """Give a session on a database file that is only read, whatever its schema version."""
    uri = f"file:{path.absolute().as_uri().removeprefix('file://')}?mode=ro&uri=true"
    engine = sa.create_engine(f"sqlite:///{uri}")
    try:
        with Session(engine) as session:
            yield session
    except sa.exc.DBAPIError as error:
        raise RegistryError(
            N_("the registry {path} is damaged"),
            N_("Nothing was changed. Keep the file as it is and take the last backup."),
            path=path,
        ) from error
    finally:
        engine.dispose()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new private one, and onto the disk."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as old, os.fdopen(handle, "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def copy_document(source: Path, target: Path, sha256: str) -> bool:
    """Copy evidence unless it is there already; False when the source is gone or was changed."""
    if content_is(target, sha256):
        return True
    if not content_is(source, sha256):
        return False
    make_private(target.parent)
    unfinished = target.with_name(f".photoreg-{os.urandom(8).hex()}.tmp")
    try:
        copy_file(source, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def set_aside(path: Path) -> None:
    """Give the registry at `path` another name: `….replaced-1`, with what lies beside it.

    A registry that somebody uses is not touched (RegistryError); a damaged one keeps its files.
    It keeps its documents as well, for those that the backup does not know are no longer needed
    by the registry that takes its place.
    """
    try:
        into_one_file(path)
    except sqlite3.OperationalError as error:
        raise RegistryError(
            N_("the registry {path} is in use by somebody else"),
            N_("Nothing was changed. Try again in a moment."),
            path=path,
        ) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged, which may be why a backup takes its place
    number = 1
    while any(path.parent.glob(f"{glob.escape(path.name)}.replaced-{number}*")):
        number += 1
    evidence = path.with_name(f"{path.name}.evidence")
    if evidence.is_dir():
        kept = path.with_name(f"{path.name}.replaced-{number}.evidence")
        shutil.copytree(evidence, kept, copy_function=_link)
    # The journal goes first: it must never be played onto another database.
    for suffix in ("-wal", "-shm", ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(path.with_name(f"{path.name}.replaced-{number}{suffix}"))


def _link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where a disk knows one name only."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def remove_database(path: Path) -> None:
    """Remove a database file and what lies beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    evidence = path.with_name(f"{path.name}.evidence")
    if evidence.is_dir():
        evidence.rmdir()


def flush_to_disk(folder: Path) -> None:
    """Make sure that every file and folder below is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
