"""Registry copies as SQLite files: taken during use, opened for reading, installed."""

import glob
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import quote

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import RegistryError
from photoreg.named_files import open_regular
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite import claim_registry_name
from photoreg.registry.engines.transfer import copy_rows
from photoreg.registry.evidence import has_content
from photoreg.texts import N_
from photoreg.unfinished import (
    exclusive_folder,
    has_locks,
    make_private,
    publish_file,
    sync_folder,
    unfinished_file,
)


def copy_registry(registry: Registry, copy: Path) -> None:
    """Write the registry's present state to a new private file; others may write meanwhile."""
    if registry.is_on_server:
        copy_rows(registry, Registry(copy), lambda _old, _new: None)
        fold_in_wal(copy)
        return
    with registry.translating_errors():
        copy.touch(mode=0o600, exist_ok=False)
        with (
            closing(sqlite3.connect(f"{sqlite_uri(registry.path)}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(copy)) as b,
        ):
            a.execute(f"PRAGMA busy_timeout = {registry.store.wait_ms}")
            a.backup(b)  # in one step: one read transaction, which blocks nobody
        fold_in_wal(copy)


def sqlite_uri(path: Path) -> str:
    """Return the address of a file for SQLite; a server in it would be refused."""
    return uri_of(path.absolute())


def uri_of(path: PurePath) -> str:
    """Return the address of an absolute path of any platform."""
    place = os.fsencode(path.as_posix())
    return f"file://{'' if place.startswith(b'/') else '/'}{quote(place, safe='/:')}"


_DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""SQLite's codes for a file with other content than a registry's."""


def is_damage(error: BaseException | None) -> bool:
    """Return whether an error comes from the content of a database, not from its use or place."""
    found = getattr(error, "orig", error)
    if isinstance(found, sqlite3.Error):
        return getattr(found, "sqlite_errorcode", None) is not None and (
            found.sqlite_errorcode & 0xFF in _DAMAGE
        )
    return not isinstance(found, OSError)


def open_copy(path: Path, copy: Path) -> Registry | None:
    """Copy a registry, whatever its version, and open the copy; None where its content is damaged.

    The registry itself is only read. RegistryError where it is in use or cannot be read.
    """
    copy.touch(mode=0o600, exist_ok=False)
    try:
        with (
            closing(sqlite3.connect(f"{sqlite_uri(path)}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(copy)) as b,
        ):
            a.execute("BEGIN")  # reads one state; `backup` alone would wait for a lock for ever
            a.execute("SELECT count(*) FROM sqlite_master").fetchone()
            a.backup(b)
        fold_in_wal(copy)
        Registry.upgrade(copy)
        return Registry.open(copy)
    except sqlite3.Error as error:
        if is_damage(error):
            return None
        raise Registry(path).store.as_registry_error(error) from error
    except RegistryError as error:  # another version, or no registry at all
        if is_damage(error.__cause__):
            return None
        raise


def fold_in_wal(path: Path) -> None:
    """Fold the write-ahead log into the file; `sqlite3.OperationalError` while it is in use."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def read_only_session(path: Path) -> Iterator[Session]:
    """Open a read-only session on a database file, whatever its schema version."""
    engine = sa.create_engine(f"sqlite:///{sqlite_uri(path)}?mode=ro&uri=true")
    try:
        with Session(engine) as session:
            yield session
    except sa.exc.DBAPIError as error:
        raise RegistryError(
            N_("the registry {path} is damaged"),
            N_("Nothing was changed. Keep the file as it is and restore the latest backup."),
            path=path,
        ) from error
    finally:
        engine.dispose()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new private one and flush it to the disk."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as new:
        _copy_content(new, source)


def _copy_content(new: BinaryIO, source: Path) -> None:
    with open_regular(source) as old:
        shutil.copyfileobj(old, new)
    new.flush()
    os.fsync(new.fileno())


def copy_document(source: Path, target: Path, sha256: str) -> bool:
    """Copy evidence unless it exists already; False when the source is missing or was changed."""
    if has_content(target, sha256):
        return True
    if not has_content(source, sha256):
        return False
    make_private(target.parent)
    with unfinished_file(target.parent) as (unfinished, copy):
        _copy_content(copy, source)
        publish_file(unfinished, copy, target)
    return True


@contextmanager
def exclusive_access(registry: Registry) -> Iterator[None]:
    """Let nobody else use the registry file or its documents meanwhile, as far as locks go.

    Waits for work under way; RegistryError when it takes longer than `wait_ms`.
    """
    try:
        with exclusive_folder(registry.evidence_folder, registry.store.wait_ms):
            registry.store.has_exclusive_access = True
            try:
                yield
            finally:
                registry.store.has_exclusive_access = False
    except BlockingIOError as error:
        raise in_use_error(registry.store.display_name) from error


def in_use_error(shown: object) -> RegistryError:
    """Return the error for a registry that is in use."""
    return RegistryError(
        N_("the registry {path} is in use by somebody else"),
        N_("Nothing was changed. Try again in a moment."),
        path=shown,
    )


def install_database(new: Path, path: Path, *, replace: bool, is_damaged: bool = False) -> None:
    """Make a new database the registry at `path`; an existing one becomes `….replaced-1`.

    A registry exists at every moment, the old or the new one. A registry in use is left unchanged
    (RegistryError); one that is known to be damaged stays as it is. The old one keeps its documents
    as well, since the new registry does not need those that the backup does not know. The new one
    is in a folder of its own, which is used in the process.
    """
    if not (replace and path.exists()):
        claim_registry_name(new, path)
        return
    with ExitStack() as until_replaced:
        if not is_damaged:
            _be_alone(until_replaced, path)
        _set_aside(new, path)
        if not has_locks():  # an open file cannot be replaced there, whoever has opened it
            until_replaced.close()
        _replace_database(new, path)


def _be_alone(until_replaced: ExitStack, path: Path) -> None:
    try:
        until_replaced.enter_context(_sole_connection(path))
    except sqlite3.OperationalError as error:
        raise in_use_error(path) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged, which may be why a backup replaces it


@contextmanager
def _sole_connection(path: Path) -> Iterator[None]:
    """Fold the write-ahead log into the file, and let no other program use it until the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _set_aside(new: Path, path: Path) -> None:
    """Give the old database and its documents a second name."""
    remove_replacement_links(path)
    number = 1
    while any(path.parent.glob(f"{glob.escape(path.name)}.replaced-{number}*")):
        number += 1
    aside = path.with_name(f"{path.name}.replaced-{number}")
    documents = new.with_name(f"{new.name}.evidence")
    evidence = path.with_name(f"{path.name}.evidence")
    if evidence.is_dir():
        shutil.copytree(evidence, documents, copy_function=_link_or_copy)
    for suffix in ("-wal", "-shm", ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            _add_link(old, aside.with_name(aside.name + suffix), new.parent)
    if documents.is_dir():
        documents.rename(aside.with_name(f"{aside.name}.evidence"))
    for suffix in ("-wal", "-shm"):  # they must never be replayed onto another database
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _replace_database(new: Path, path: Path) -> None:
    """Give the new database its name; the old one loses its second name if that fails."""
    try:
        new.replace(path)
    except OSError as error:
        with suppress(OSError):
            remove_replacement_links(path)
        if has_locks():
            raise
        raise in_use_error(path) from error  # some program keeps the file open
    sync_folder(path.parent)


def replacement_links(path: Path) -> list[Path]:
    """Return the names that an interrupted replacement gave to the registry still at `path`."""
    return [
        other
        for other in path.parent.glob(f"{glob.escape(path.name)}.replaced-*[0-9]")
        if other.is_file() and other.samefile(path)
    ]


def remove_replacement_links(path: Path) -> None:
    """Remove the names of `replacement_links`, with the files beside them."""
    for other in replacement_links(path):
        shutil.rmtree(other.with_name(f"{other.name}.evidence"), ignore_errors=True)
        for suffix in ("-wal", "-shm", ""):
            first, second = (one.with_name(one.name + suffix) for one in (path, other))
            if second.exists() and not first.exists():
                second.rename(first)
            second.unlink(missing_ok=True)


def _add_link(old: Path, name: Path, folder: Path) -> None:
    """Give a file a second name; where the disk does not support it, name a finished copy."""
    try:
        os.link(old, name)
    except OSError:
        copy = folder / name.name
        shutil.copy2(old, copy)
        copy.rename(name)


def _link_or_copy(source: str, target: str) -> None:
    """Give a file a second name, or copy it where the disk does not support that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def flush_to_disk(folder: Path) -> None:
    """Flush every file and folder below to the disk."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("r+b") as file:  # Windows flushes no file that is open for reading only
                os.fsync(file.fileno())
